public import Foundation

/// Where now and waiting come from; the one place in the house that asks the system's clock.
public struct TimeSource: Sendable {
    /// The present moment, in whole milliseconds, so that it survives storage unchanged.
    public var now: @Sendable () -> Date
    /// Waits, or throws `CancellationError` when its task is cancelled.
    public var sleep: @Sendable (Duration) async throws -> Void

    /// A source made of two functions.
    public init(now: @escaping @Sendable () -> Date, sleep: @escaping @Sendable (Duration) async throws -> Void) {
        self.now = now
        self.sleep = sleep
    }

    /// The system's clock.
    public static let system = TimeSource(
        now: { Date(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded(.down))) },
        sleep: { try await Task.sleep(for: $0) }
    )
}

/// Where identifiers and jitter come from.
public struct RandomSource: Sendable {
    /// A new identifier that nobody else has.
    public var uuid: @Sendable () -> UUID
    /// A number in 0..<1.
    public var unit: @Sendable () -> Double

    /// A source made of two functions.
    public init(uuid: @escaping @Sendable () -> UUID, unit: @escaping @Sendable () -> Double) {
        self.uuid = uuid
        self.unit = unit
    }

    /// The system's random numbers.
    public static let system = RandomSource(
        uuid: { RandomSource.uuid(at: TimeSource.system.now()) },
        unit: { Double.random(in: 0..<1) }
    )

    /// A short identifier behind a prefix, such as `j_019a…`: the millisecond and 48 random bits of a `uuid`.
    ///
    /// Identifiers of one time stand together in an index, so that writing many touches few pages. They are no secrets.
    public func identifier(_ prefix: String) -> String {
        let hexadecimal = uuid().uuidString.replacing("-", with: "").lowercased()
        return prefix + "_" + hexadecimal.prefix(12) + hexadecimal.suffix(12)
    }

    /// A UUID of version 7 (RFC 9562 §5.7): 48 bits of milliseconds before the random ones, so that later ones sort behind.
    static func uuid(at now: Date) -> UUID {
        var bytes = UUID().uuid
        let milliseconds = UInt64(clamping: now.milliseconds)
        withUnsafeMutableBytes(of: &bytes) { bytes in
            for place in 0..<6 { bytes[place] = UInt8(truncatingIfNeeded: milliseconds >> UInt64(40 - 8 * place)) }
            bytes[6] = bytes[6] & 0x0f | 0x70
        }
        return UUID(uuid: bytes)
    }
}

extension Date {
    /// The moment that many milliseconds after 1970 began.
    public init(milliseconds: Int64) {
        self.init(timeIntervalSince1970: Double(milliseconds) / 1000)
    }

    /// Milliseconds since 1970 began, rounded.
    public var milliseconds: Int64 {
        Int64((timeIntervalSince1970 * 1000).rounded())
    }

    /// The moment that much later.
    public func adding(_ duration: Duration) -> Date {
        Date(milliseconds: milliseconds + duration.milliseconds)
    }
}

extension Duration {
    /// The whole milliseconds in it.
    public var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }

    /// It as seconds.
    public var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
