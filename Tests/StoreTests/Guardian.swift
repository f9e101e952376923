import Foundation

/// Another program that ends when it is told to, and with the tests however those end.
///
/// A shell watches: its input is at an end when the tests are, even by a crash, and then it ends the program.
struct Guardian: Sendable {
    private let program: Process
    private let watch: Process
    private let watchInput: FileHandle

    static func start(_ command: [String]) throws -> Guardian {
        let program = process(command)
        program.standardInput = FileHandle.nullDevice
        try program.run()
        let pipe = Pipe()
        let watch = process(["/bin/sh", "-c", "read -r line || kill -INT \(program.processIdentifier)"])
        watch.standardInput = pipe
        try watch.run()
        return Guardian(program: program, watch: watch, watchInput: pipe.fileHandleForWriting)
    }

    private static func process(_ command: [String]) -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        process.environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        process.currentDirectoryURL = URL(fileURLWithPath: "/")
        return process
    }

    var isRunning: Bool { program.isRunning }

    /// Ends the program, asked (SIGINT) or not (SIGKILL), and waits for that.
    func end(_ signal: Int32 = SIGINT) async {
        if program.isRunning { kill(program.processIdentifier, signal) }
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            // On a thread that may wait.
            DispatchQueue.global().async {
                program.waitUntilExit()
                try? watchInput.write(contentsOf: [0x0A])
                try? watchInput.close()
                watch.waitUntilExit()
                continuation.resume()
            }
        }
    }
}
