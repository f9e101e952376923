import Foundation

/// Runs another program to its end.
enum Command {
    struct Failed: Error {
        var command: String
        var status: Int32
        var output: String
    }

    /// What the program wrote, on either stream; an error when it failed.
    @discardableResult
    static func run(_ command: [String], in folder: String = "/") async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            // On a thread that may wait.
            DispatchQueue.global().async {
                continuation.resume(with: Result { try runAndWait(command, in: folder) })
            }
        }
    }

    private static func runAndWait(_ command: [String], in folder: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C"]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let text = readToEnd(output.fileHandleForReading.fileDescriptor)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failed(
                command: command.joined(separator: " "),
                status: process.terminationStatus,
                output: text
            )
        }
        return text
    }

    /// Foundation's own reading traps when a signal, such as another child's end, interrupts it.
    private static func readToEnd(_ descriptor: Int32) -> String {
        var octets: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe read(descriptor, &buffer, buffer.count)
            if count > 0 { octets += buffer.prefix(count) }
            if count == 0 || (count < 0 && errno != EINTR) { return String(decoding: octets, as: UTF8.self) }
        }
    }
}
