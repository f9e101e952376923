import Foundation
import SIPGrammar
import Testing

@Suite("Torture messages")
struct VerdictTests {
    @Test(arguments: TortureFile.rfc4475 + TortureFile.rfc5118)
    func `get the verdict that was declared`(file: TortureFile) throws {
        #expect(verdict(on: try file.octets()) == file.verdict)
    }

    @Test(arguments: ["rfc4475", "rfc5118"])
    func `all have one`(folder: String) throws {
        let url = Bundle.module.bundleURL.appending(path: folder)
        let files = try FileManager.default.contentsOfDirectory(atPath: url.path)
        let declared = (TortureFile.rfc4475 + TortureFile.rfc5118).map { "\($0.name).dat" }
        #expect(Set(files.map { "\(folder)/\($0)" }) == Set(declared.filter { $0.hasPrefix("\(folder)/") }))
        #expect(files.count == (folder == "rfc4475" ? 50 : 12))
    }

    @Test(arguments: (TortureFile.rfc4475 + TortureFile.rfc5118).filter { $0.verdict == .accepted })
    func `come out of printing as they went in`(file: TortureFile) throws {
        let message = try SIPMessage.parse(file.octets())
        #expect(try SIPMessage.parse(message.octets) == message)
    }

    @Test(arguments: TortureFile.rfc4475 + TortureFile.rfc5118)
    func `do no harm wherever they are cut`(file: TortureFile) throws {
        let octets = try file.octets()
        for count in 0..<octets.count { _ = verdict(on: Array(octets[..<count])) }
    }

    private func verdict(on octets: [UInt8]) -> TortureFile.Verdict {
        do throws(SIPSyntaxError) {
            switch try SIPMessage.parse(octets) {
            case .response(let response):
                guard (try? response.validate()) != nil else { return .dropped }
            case .request(let request):
                do throws(SIPSyntaxError) {
                    try request.validate()
                } catch {
                    return .refused(error.status, error.phrase)
                }
            }
            return .accepted
        } catch {
            guard let response = SIPMessage.salvage(octets)?.response(to: error) else { return .dropped }
            return .refused(response.status, response.reason)
        }
    }
}
