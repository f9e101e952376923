import Crypto
import Octets
public import SIPGrammar
import XMPPGrammar

/// The resource of a SIP device, where XMPP needs a full JID: for calls, IQs, rooms and whatever has a dialog
/// (MAPPING 1.5).
public enum DeviceResource {
    /// The resource at which the gateway itself answers for every SIP user: disco, caps, calls, pings.
    public static let account = "sip"

    /// The resource of the device behind a Contact: its `gr`, else its instance, else a name made of its URI.
    public static func resource(of contact: SIPNameAddress) -> String {
        if let gruu = contact.uri.sip?.parameters.value("gr"), let octets = PercentCoding.decode(gruu),
            let resource = enforced(String(strictly: octets.span))
        {
            return resource
        }
        if let resource = enforced(contact.parameters.text("+sip.instance").map(withoutMarks)) {
            return resource
        }
        let digest = SHA256.hash(data: Array(contact.uri.description.utf8))
        return "sip-\(Base32.encode(Array(digest)).prefix(10))"
    }

    /// A text as a JID has it; nil when none can.
    private static func enforced(_ text: String?) -> String? {
        guard let text, !text.isEmpty else { return nil }
        return (try? JID(local: nil, domain: "invalid", resource: text))?.resource
    }

    /// The URN in `<urn:uuid:…>`.
    private static func withoutMarks(_ instance: String) -> String {
        String(decoding: instance.utf8.filter { !marks.contains($0) }, as: UTF8.self)
    }

    private static let marks = OctetSet("<>")
}
