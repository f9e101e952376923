import Foundation
import Synchronization

/// A name server on loopback, on a port that the system picks: one thread, real packets (RFC 1035 4).
final class NameServer: Sendable {
    /// What is said to one question.
    enum Reply: Sendable {
        /// Records of the type asked for, as uncompressed data.
        case records([[UInt8]])
        /// The same with the data of an RRSIG record over them.
        case signed([[UInt8]], signature: [UInt8])
        /// A CNAME record, and the records of the type asked for at the name that it leads to.
        case alias(String, [[UInt8]])
        /// NOERROR without an answer, with the SOA that makes it cacheable (RFC 2308 2.2).
        case noRecords
        case noSuchName
        case serverFailure
        case silence
        /// Octets in place of a message.
        case garbage([UInt8])
    }

    struct Question: Hashable, Sendable {
        var name: String
        var type: UInt16
    }

    let port: Int
    private let descriptor: Int32
    /// Each question as it arrives.
    let arrivals: AsyncStream<Question>
    private let arrived: AsyncStream<Question>.Continuation
    private let asked = Mutex<[Question]>([])

    /// Serves a table; what it does not list does not exist.
    ///
    /// Records live for `timeToLive` seconds.
    init(_ table: [Question: Reply], timeToLive: UInt32 = 60) throws {
        (arrivals, arrived) = AsyncStream.makeStream()
        descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = self.descriptor
        let result = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe bind(descriptor, pointer, length) | getsockname(descriptor, pointer, &length)
            }
        }
        guard descriptor >= 0, result == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
        port = Int(UInt16(bigEndian: address.sin_port))
        let thread = Thread { [weak self] in Self.serve(descriptor, table, timeToLive) { self?.note($0) } }
        thread.start()
    }

    deinit {
        // Ends the thread's receive; the thread closes the descriptor.
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    /// What was asked so far.
    var questions: [Question] { asked.withLock { $0 } }

    private func note(_ question: Question) {
        asked.withLock { $0.append(question) }
        arrived.yield(question)
    }

    private static func serve(
        _ descriptor: Int32,
        _ table: [Question: Reply],
        _ timeToLive: UInt32,
        note: (Question) -> Void
    ) {
        var octets = [UInt8](repeating: 0, count: 4096)
        while true {
            var peer = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let count = unsafe withUnsafeMutablePointer(to: &peer) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                    unsafe recvfrom(descriptor, &octets, octets.count, 0, pointer, &length)
                }
            }
            guard count > 0 else { break }
            guard let (question, end) = read(octets[..<count]) else { continue }
            note(question)
            let reply = table[question] ?? .noSuchName
            guard let answer = write(reply, to: octets[..<end], question, timeToLive) else { continue }
            _ = unsafe withUnsafePointer(to: &peer) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                    unsafe sendto(descriptor, answer, answer.count, 0, pointer, length)
                }
            }
        }
        close(descriptor)
    }

    /// The question, and where it ends.
    private static func read(_ query: ArraySlice<UInt8>) -> (Question, Int)? {
        var labels: [String] = []
        var position = 12
        while position < query.endIndex, query[position] != 0 {
            let end = position + 1 + Int(query[position])
            guard end < query.endIndex else { return nil }
            labels.append(String(decoding: query[(position + 1)..<end], as: UTF8.self))
            position = end
        }
        guard position + 5 <= query.endIndex else { return nil }
        let type = UInt16(query[position + 1]) << 8 | UInt16(query[position + 2])
        return (Question(name: labels.joined(separator: ".").lowercased(), type: type), position + 5)
    }

    private static func write(
        _ reply: Reply,
        to query: ArraySlice<UInt8>,
        _ question: Question,
        _ timeToLive: UInt32
    ) -> [UInt8]? {
        // The name of the question, by reference.
        let asked: [UInt8] = [0xC0, 12]
        var answers: [[UInt8]] = []
        var code: UInt8 = 0
        func record(_ owner: [UInt8], _ type: UInt16, _ data: [UInt8]) -> [UInt8] {
            owner + [type, 1].flatMap(RecordData.octets)
                + RecordData.octets(timeToLive) + RecordData.octets(UInt16(data.count)) + data
        }
        switch reply {
        case .silence: return nil
        case .garbage(let octets): return Array(query[..<2]) + octets
        case .records(let records): answers = records.map { record(asked, question.type, $0) }
        case .signed(let records, let signature):
            answers = records.map { record(asked, question.type, $0) } + [record(asked, 46, signature)]
        case .alias(let name, let records):
            let name = RecordData.name(name)
            answers = [record(asked, 5, name)] + records.map { record(name, question.type, $0) }
        case .noRecords: break
        case .noSuchName: code = 3
        case .serverFailure: code = 2
        }
        let needsAuthority = answers.isEmpty && code != 2
        // Response, recursion desired and available; one question.
        var message = Array(query[..<2]) + [0x81, 0x80 | code, 0, 1]
        message += RecordData.octets(UInt16(answers.count)) + [0, needsAuthority ? 1 : 0, 0, 0]
        message += query[12...] + answers.joined()
        if needsAuthority {
            // SOA of the root: names ".", ".", five numbers of one minute.
            let data: [UInt8] = [0, 0] + (0..<5).flatMap { _ in [0, 0, 0, 60] as [UInt8] }
            message += [0, 0, 6, 0, 1, 0, 0, 0, 60, 0, UInt8(data.count)] + data
        }
        return message
    }
}

/// Record data as it travels.
enum RecordData {
    static func srv(_ priority: UInt16, _ weight: UInt16, _ port: UInt16, _ target: String) -> [UInt8] {
        [priority, weight, port].flatMap(octets) + name(target)
    }

    static func naptr(
        _ order: UInt16,
        _ preference: UInt16,
        _ flags: String,
        _ services: String,
        _ replacement: String,
        regexp: String = ""
    ) -> [UInt8] {
        [order, preference].flatMap(octets)
            + [flags, services, regexp].flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
            + name(replacement)
    }

    /// A number in network order.
    static func octets(_ number: some FixedWidthInteger) -> [UInt8] {
        stride(from: number.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    static func name(_ text: String) -> [UInt8] {
        text.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
    }
}
