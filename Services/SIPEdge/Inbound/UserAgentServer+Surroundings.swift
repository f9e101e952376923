package import MachineKit
package import MessageBus
package import NIOCore
package import SIPGrammar
package import SIPTransport

extension UserAgentServer {
    /// What the server needs of the world.
    package struct Surroundings {
        package var courier: any Courier
        package var send: (ByteBuffer, SIPVia, MessageOrigin) -> Void
        /// Sends a response of a transaction that is not held here; false if its Via leads nowhere.
        package var sendAstray: (SIPResponse) -> Bool
        /// Where the peer of a message reaches us; nil if no socket does.
        package var contact: (MessageOrigin) -> OwnContact?
        package var isOurs: (SIPVia) -> Bool
        package var now: () -> Moment
        package var wallTime: () -> WallTime
        /// Asks for ``UserAgentServer/fire()`` at a moment.
        package var wake: (Moment) -> Void
        /// Called when a request has been answered.
        package var settled: () -> Void

        package init(
            courier: any Courier,
            send: @escaping (ByteBuffer, SIPVia, MessageOrigin) -> Void,
            sendAstray: @escaping (SIPResponse) -> Bool = { _ in false },
            contact: @escaping (MessageOrigin) -> OwnContact? = { _ in nil },
            isOurs: @escaping (SIPVia) -> Bool,
            now: @escaping () -> Moment,
            wallTime: @escaping () -> WallTime,
            wake: @escaping (Moment) -> Void,
            settled: @escaping () -> Void
        ) {
            self.courier = courier
            self.send = send
            self.sendAstray = sendAstray
            self.contact = contact
            self.isOurs = isOurs
            self.now = now
            self.wallTime = wallTime
            self.wake = wake
            self.settled = settled
        }
    }
}
