import Glibc
import Linux
import Runtime

// Two programs in one binary, told apart by argv[0]: a container's pid 1 (`--init`), and the OCI runtime's verbs.
let words = CommandLine.arguments
// Who reads our output or a hook's input may be gone: that is an answer of write(2), not our end.
signal(SIGPIPE, SIG_IGN)
if words.first == InitProcess.name { InitProcess.run(Array(words.dropFirst())) }
exit(CommandLineInterface.run(Array(words.dropFirst())))
