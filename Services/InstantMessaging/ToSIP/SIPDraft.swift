import Addressing
import MachineKit
import SIPGrammar
import XMPPGrammar

/// An XMPP user's message with everything decided that does not depend on what the SIP side says to it.
struct SIPDraft: Hashable, Sendable {
    let page: XMPPPage
    /// The sender's device.
    let device: SIPURI
    /// The sender.
    let from: SIPURI
    /// Whom it is for.
    let to: SIPURI
    /// The device that it is for, or ``to``.
    let target: SIPURI
    let callID: String
    let displayName: String?
    /// The Call-ID of the message that this one replies to.
    let inReplyTo: String?
    let arrivedAt: WallTime

    init(
        _ page: XMPPPage,
        callID: String,
        displayName: String?,
        inReplyTo: String?,
        arrivedAt: WallTime,
        addresses: AddressMapper,
        spellings: SpellingMemory
    ) throws(Unmappable) {
        self.page = page
        self.callID = callID
        self.displayName = displayName
        self.inReplyTo = inReplyTo
        self.arrivedAt = arrivedAt
        device = try addresses.uri(for: page.sender)
        from = device.withoutDevice
        let target = try addresses.uri(for: page.recipient, spelledBy: spellings)
        to = target.withoutDevice
        // The resource at which the gateway itself stands for every SIP user is no device of his (MAPPING 1.5).
        self.target = page.recipient.resource == DeviceResource.account ? to : target
    }
}

extension SIPURI {
    /// The address of the user whose device this names (RFC 5627 section 2).
    fileprivate var withoutDevice: SIPURI {
        guard parameters.contains("gr") else { return self }
        var user = self
        user.parameters.remove("gr")
        return user
    }
}
