import CFuzzer
import FuzzLaws

/// `Fuzz LAW ARGUMENTS...` runs libFuzzer, which gets the arguments, on one law; `Fuzz` alone names the laws.
@main
enum Fuzz {
    static func main() {
        guard let law else {
            for law in Law.all { print(law.name) }
            return
        }
        print("fuzzing \(law.name)")
        var count = CommandLine.argc - 1
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = unsafe CommandLine.unsafeArgv + 1
        let status = unsafe LLVMFuzzerRunDriver(&count, &arguments) { octets, size in
            unsafe Fuzz.test(UnsafeBufferPointer(start: octets, count: size))
        }
        precondition(status == 0, "libFuzzer did not run")
    }

    /// The law that is tested: libFuzzer's callback can be given none.
    private static let law = CommandLine.arguments.dropFirst().first.flatMap(Law.named)

    private static func test(_ octets: UnsafeBufferPointer<UInt8>) -> CInt {
        guard let law, let broken = unsafe law.broken(Array(octets)) else { return 0 }
        // A trap is what libFuzzer knows, and saves the octets of.
        fatalError("\(law.name): \(broken)")
    }
}
