package import BusContract

/// How parcels reach other services: as values inside a process, or over ZeroMQ.
///
/// A link may lose parcels, as publish/subscribe does; the client's rules make up for it. It never gives one parcel
/// twice and keeps the order of those between one publisher and one subscriber.
package protocol BusLink: AnyObject, Sendable {
    /// Begins to hand over what arrives, in batches, on any thread. Called once, before anything else.
    func open(_ receive: @escaping @Sendable ([Arrival]) -> Void)
    /// Asks for what is published on every topic whose name begins with `prefix`.
    func subscribe(_ prefix: String)
    /// Takes back what ``subscribe(_:)`` asked for with the same prefix.
    func unsubscribe(_ prefix: String)
    /// Publishes; never blocks.
    func publish(_ mail: [Mail])
    /// Ends the link; what was published before has left the process when this returns.
    func close() async
}

/// A parcel on its way out.
package struct Mail: Sendable {
    package var topic: Topic
    package var parcel: Parcel
    /// Which of several brokers to use: a preference that moves on with every attempt.
    package var route: Int

    package init(topic: Topic, parcel: Parcel, route: Int) {
        self.topic = topic
        self.parcel = parcel
        self.route = route
    }
}

/// A parcel that came in.
package struct Arrival: Sendable {
    package var topic: Topic
    package var decoded: Parcel.Decoded

    package init(topic: Topic, decoded: Parcel.Decoded) {
        self.topic = topic
        self.decoded = decoded
    }
}
