import Addressing
import BusContract
import MachineKit
import Payloads
import SIPGrammar
import XMPPGrammar

/// Reads MESSAGE requests (RFC 7572 section 5; MAPPING 4.2 and 4.10, steps 1 and 2).
struct SIPPageReader: Sendable {
    let rules: PageRules

    /// How old a Date must be to be worth telling.
    private static let recent: Int64 = 60_000

    func read(_ arrival: SIPArrival) throws(SIPRefusal) -> SIPReading {
        let request = arrival.request
        try checkExtensions(request)
        let recipient = try recipient(of: request)
        let sender = try sender(of: arrival)
        let isAnonymous = Anonymity.covers(request) || Anonymity.isAnonymous(arrival.identity)
        guard rules.policy.mayCross(fromSIP: sender, to: recipient) else {
            throw SIPRefusal(403, reason: "Not a user of this gateway")
        }
        let writtenAt = request.headers[.date].flatMap(RFC1123Date.parse)
        if Self.isExpired(request, writtenAt: writtenAt, at: arrival.at.milliseconds) { return .expired }
        guard let content = try BodyReader.content(of: request) else { return .nothing }
        let stamp = writtenAt ?? content.writtenAt ?? .max
        let callID = request.headers[.callID] ?? ""
        return .page(
            SIPPage(
                sender: isAnonymous ? try anonymous() : sender,
                recipient: recipient,
                name: isAnonymous ? Anonymity.displayName : arrival.displayName,
                spelling: isAnonymous ? nil : arrival.identity,
                callID: PlainText.line(callID),
                identifier: "\(callID) \(request.headers[.cSeq] ?? "")",
                referenced: Self.list(.inReplyTo, of: request),
                subject: Self.some(PlainText.line(request.headers[.subject] ?? content.subject ?? "")),
                language: Self.list(.contentLanguage, of: request).first.flatMap(LanguageTag.checked),
                delayedSince: stamp < arrival.at.milliseconds - Self.recent ? stamp : nil,
                content: content
            )
        )
    }

    private func checkExtensions(_ request: SIPRequest) throws(SIPRefusal) {
        guard request.method == .message else {
            throw SIPRefusal(405, headers: [(.allow, SIPMethod.message.name)])
        }
        let required = Self.list(.require, of: request)
        guard required.isEmpty else {
            throw SIPRefusal(420, headers: [(.unsupported, required.joined(separator: ", "))])
        }
    }

    private func recipient(of request: SIPRequest) throws(SIPRefusal) -> JID {
        let recipient: JID
        do throws(Unmappable) {
            recipient = try rules.addresses.jid(for: request.uri)
            // Who asked for a secure way to the recipient asked in To as well (RFC 7247 section 8).
            if let to = try? request.headers.to(), to.uri.scheme == "sips" {
                _ = try rules.addresses.jid(for: to.uri)
            }
        } catch {
            let host = rules.configuration.gatewayDomain
            throw SIPRefusal(ErrorMap.answer(for: error, of: .target, warnedBy: host))
        }
        // A domain alone is nobody to write to (MAPPING 4.11).
        guard recipient.local != nil else { throw SIPRefusal(404) }
        return recipient
    }

    private func sender(of arrival: SIPArrival) throws(SIPRefusal) -> JID {
        do throws(Unmappable) {
            let sender = try rules.addresses.jid(for: .sip(arrival.identity))
            guard sender.isBare, let device = device(of: arrival.request) else { return sender }
            // The identity says who it is; the From of the same user, which device.
            let full = try rules.addresses.jid(for: device)
            return full.bare == sender ? full : sender
        } catch {
            let host = rules.configuration.gatewayDomain
            throw SIPRefusal(ErrorMap.answer(for: error, of: .sender, warnedBy: host))
        }
    }

    /// From if it names a device, by a `gr` within the brackets or, as RFC 7573 prints it, outside them.
    private func device(of request: SIPRequest) -> SIPNameAddress? {
        guard let from = try? request.headers.from(), case .sip(let uri) = from.uri else { return nil }
        return uri.parameters.contains("gr") || from.parameters.contains("gr") ? from : nil
    }

    private func anonymous() throws(SIPRefusal) -> JID {
        do throws(JIDError) {
            return try Anonymity.jid(at: rules.configuration.gatewayDomain)
        } catch {
            throw SIPRefusal(500)
        }
    }

    /// Counted from Date if there is one, else from now (RFC 3428 section 7).
    private static func isExpired(_ request: SIPRequest, writtenAt: Int64?, at now: Int64) -> Bool {
        guard let seconds = request.headers[.expires].flatMap(UInt32.init) else { return false }
        return (writtenAt ?? now) + Int64(seconds) * 1000 < now
    }

    private static func list(_ name: SIPHeaderName, of request: SIPRequest) -> [String] {
        (try? request.headers.list(name)) ?? []
    }

    private static func some(_ text: String) -> String? {
        text.isEmpty ? nil : text
    }
}
