/// A protocol's behaviour over time, as a value.
///
/// A machine owns no socket, clock, task, lock or randomness. It is told what happened and when, and answers with
/// what it wants done, in the order it must be done. Equal inputs at equal moments give equal effects: that is how
/// it is tested, and how a fault seen in production is played again.
public protocol Machine: Sendable {
    associatedtype Input: Sendable
    associatedtype Output: Hashable & Sendable
    associatedtype Timer: Hashable & Sendable

    typealias Effects = [Effect<Output, Timer>]

    /// Tells the machine that `input` happened at `now`.
    mutating func handle(_ input: Input, at now: Moment) -> Effects

    /// Tells the machine that a timer it had set fell due at `now`.
    mutating func fired(_ timer: Timer, at now: Moment) -> Effects
}

/// One thing that a machine wants done.
public enum Effect<Output, Timer> {
    case send(Output)
    /// Asks for ``Machine/fired(_:at:)`` at the given moment; setting a timer again moves it.
    case set(Timer, at: Moment)
    case cancel(Timer)
    /// Nothing is to be done, on purpose. The host counts it under this name.
    case ignore(StaticString)
}

extension Effect: Sendable where Output: Sendable, Timer: Sendable {}

extension Effect: Equatable where Output: Equatable, Timer: Equatable {
    public static func == (left: Effect, right: Effect) -> Bool {
        switch (left, right) {
        case (.send(let one), .send(let other)): one == other
        case (.set(let one, at: let then), .set(let other, at: let when)): one == other && then == when
        case (.cancel(let one), .cancel(let other)): one == other
        case (.ignore(let one), .ignore(let other)): one.description == other.description
        case (.send, _), (.set, _), (.cancel, _), (.ignore, _): false
        }
    }
}
