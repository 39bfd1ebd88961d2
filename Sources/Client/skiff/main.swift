import Commands
import Glibc
import Linux

exit(SkiffProgram.main(Array(CommandLine.arguments.dropFirst()), environment: currentEnvironment()))
