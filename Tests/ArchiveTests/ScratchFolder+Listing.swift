import Scratch

extension ScratchFolder {
  /// Everything in the tree `name` as text: type, mode, owner, size, links, time, name, link target, content sum.
  func listing(of name: String) throws -> String {
    try shell(
      #"""
      cd \#(name)
      find . -printf '%P %y %m %U:%G %n %l %T@ ' \( -type f -printf '%s ' -exec sh -c 'md5sum < "$1"' _ {} \; -o \
        \( -type c -o -type b \) -exec stat -c '%t:%T' {} \; -o -printf '\n' \) | LC_ALL=C sort
      """#)
  }
}
