package import BusContract
package import MachineKit
package import NIOCore
package import SIPGrammar
package import SIPTransport

extension UserAgentClient {
    /// What the client needs of the world.
    package struct Surroundings {
        package var send: (ByteBuffer, TransportTarget, @escaping (SendOutcome) -> Void) -> Void
        package var resend: (ByteBuffer, TransportTarget) -> Void
        /// Connects to a target, if there is no connection to it, and says nil when there is one.
        package var prepare: (TransportTarget, @escaping (SendFailure?) -> Void) -> Void
        /// What a Via for a target says of us.
        package var sentBy: (TransportTarget) -> (host: SIPHost, port: Int)?
        package var locate: (SIPURI, @escaping Locator.Completion) -> Void
        /// Tells a service of a response to its INVITE.
        package var tell: (Delivery, ServiceName) -> Void
        /// The service whose identifiers begin with a letter.
        package var serviceMinting: (Character) -> ServiceName?
        package var now: () -> Moment
        /// Asks for ``UserAgentClient/fire()`` at a moment.
        package var wake: (Moment) -> Void
        /// Called when a request has ended.
        package var settled: () -> Void
        /// Draws what is ours in a digest.
        package var clientNonce: () -> String

        package init(
            send: @escaping (ByteBuffer, TransportTarget, @escaping (SendOutcome) -> Void) -> Void,
            resend: @escaping (ByteBuffer, TransportTarget) -> Void,
            prepare: @escaping (TransportTarget, @escaping (SendFailure?) -> Void) -> Void,
            sentBy: @escaping (TransportTarget) -> (host: SIPHost, port: Int)?,
            locate: @escaping (SIPURI, @escaping Locator.Completion) -> Void,
            tell: @escaping (Delivery, ServiceName) -> Void = { _, _ in },
            serviceMinting: @escaping (Character) -> ServiceName? = { _ in nil },
            now: @escaping () -> Moment,
            wake: @escaping (Moment) -> Void,
            settled: @escaping () -> Void,
            clientNonce: @escaping () -> String = { String(UInt64.random(in: 1 << 60 ... .max), radix: 36) }
        ) {
            self.send = send
            self.resend = resend
            self.prepare = prepare
            self.sentBy = sentBy
            self.locate = locate
            self.tell = tell
            self.serviceMinting = serviceMinting
            self.now = now
            self.wake = wake
            self.settled = settled
            self.clientNonce = clientNonce
        }
    }
}
