import MachineKit
import SIPGrammar

/// One dialog of a session with all that goes on in it: what was asked of either side and has no answer yet.
///
/// Before a call is answered the caller may have several, one for each fork.
struct Leg: Hashable, Sendable, Codable {
    /// How many requests of the peer's may wait for the owner at a time.
    static let maximumArrived = 32
    /// How many requests of ours may wait for their responses.
    static let maximumSent = 64
    /// How many referrals may be under way each way.
    static let maximumReferrals = 8

    var dialog: SIPDialog
    /// Where requests of this dialog reach us.
    let contact: SIPNameAddress
    /// Whether we made the Call-ID: who did backs off longer when two changes collide (RFC 3261 section 14.1).
    let ownsCallID: Bool
    var exchange = OfferAnswer()
    var timing = SessionTiming()
    var peer = Peer()
    /// Whether the first INVITE is through, its ACK included.
    var isEstablished = false
    /// Requests of ours without a final response; the first INVITE is not among them.
    var sent: [SentRequest] = []
    /// The ACKs of late, for 2xx that come again.
    var acknowledgements: [Acknowledgement] = []
    /// RSeq of the latest reliable provisional response to our INVITE that is under way.
    var rSeq: UInt32?
    /// The peer's INVITE, until it is acknowledged.
    var invite: InviteFromPeer?
    /// The number of the peer's latest INVITE.
    var inviteNumber: UInt32?
    /// The peer's UPDATE whose offer is not answered yet.
    var update: UpdateFromPeer?
    /// Requests of the peer's that the owner will answer.
    var arrived: [ArrivedRequest] = []
    /// The change that is next.
    var change: PendingChange?
    /// What the owner wants after that.
    var nextChange: PendingChange?
    var referralsOut: [ReferralOut] = []
    var referralsIn: [ReferralIn] = []

    init(_ dialog: SIPDialog, contact: SIPNameAddress, ownsCallID: Bool) {
        self.dialog = dialog
        self.contact = contact
        self.ownsCallID = ownsCallID
    }

    /// Tells forks apart, and dialogs of one call.
    var fork: String { dialog.id.remoteTag }
    var tag: String { dialog.id.localTag }
}

extension Leg {
    /// What the peer has said of itself.
    struct Peer: Hashable, Sendable, Codable {
        private(set) var contact: SIPNameAddress?
        private var methods: [String]?

        mutating func learn(_ headers: SIPHeaders) {
            if let contact = try? headers.contacts().first { self.contact = contact }
            if headers.contains(.allow), let methods = try? headers.list(.allow) {
                self.methods = Array(methods.prefix(32))
            }
        }

        /// Whether Allow lists a method; without one nothing is known.
        func allows(_ method: SIPMethod) -> Bool { methods?.contains(method.name) ?? false }
    }

    struct SentRequest: Hashable, Sendable, Codable {
        enum Kind: Hashable, Sendable, Codable {
            /// A re-INVITE.
            case invite
            case update
            case prack
            case refer(String)
            case notify(RequestID)
            case other(String)
            case bye
        }

        let label: RequestLabel
        let number: UInt32
        let kind: Kind
    }

    /// The ACK for a 2xx from one end of a fork.
    struct Acknowledgement: Hashable, Sendable, Codable {
        let label: RequestLabel
        let fork: String
        let request: SIPRequest
    }

    struct InviteFromPeer: Hashable, Sendable, Codable {
        let request: ArrivedRequest
        let hasOffer: Bool
        let contact: SIPNameAddress?
        let wish: SessionWish
        let canBeReliable: Bool
        let mustBeReliable: Bool
        /// Whether we have made the offer that an INVITE without one asks for.
        var hasOurOffer = false
        var nextRSeq: UInt32
        /// The reliable provisional response that no PRACK has come for.
        var unacknowledged: Reliable?
        /// Those that wait until it has.
        var waiting: [Provisional] = []
        /// The 2xx that waits until it has.
        var acceptance: Acceptance?
        /// The 2xx that no ACK has come for.
        var success: SIPResponse?
        var interval = Duration.zero
        /// What to do as soon as the ACK comes.
        var farewell: Farewell?

        var isOpen: Bool { success == nil && acceptance == nil }
    }

    struct Provisional: Hashable, Sendable, Codable {
        let status: Int
        let body: SessionBody?
        let headers: SIPHeaders
    }

    struct Reliable: Hashable, Sendable, Codable {
        let response: SIPResponse
        let rSeq: UInt32
        let hasDescription: Bool
        var interval: Duration
    }

    struct Acceptance: Hashable, Sendable, Codable {
        let body: SessionBody?
        let headers: SIPHeaders
    }

    struct Farewell: Hashable, Sendable, Codable {
        let end: SessionEnd
        let reasons: [SIPReason]
        let headers: SIPHeaders
    }

    struct UpdateFromPeer: Hashable, Sendable, Codable {
        let request: ArrivedRequest
        let contact: SIPNameAddress?
        let wish: SessionWish
    }

    struct PendingChange: Hashable, Sendable, Codable {
        enum Stage: Hashable, Sendable, Codable {
            case waiting
            case sent
            /// Until Timer "change" fires.
            case paused
        }

        /// Nil to refresh the session as it is.
        let body: SessionBody?
        let isPrompt: Bool
        var stage = Stage.waiting
        var attempts = 0
    }

    struct ReferralOut: Hashable, Sendable, Codable {
        /// The number of the REFER, which is the id of its subscription (RFC 3515 section 2.4.6).
        let number: UInt32
        let reference: String
        var status: Int?
    }

    struct ReferralIn: Hashable, Sendable, Codable {
        let id: RequestID
        let number: UInt32
        let wantsProgress: Bool
        /// Nil as soon as it is answered.
        var request: ArrivedRequest?
    }
}
