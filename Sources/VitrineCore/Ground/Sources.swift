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
    /// So many bytes that nobody can guess: for secrets.
    public var bytes: @Sendable (Int) -> [UInt8]

    /// A source made of functions; bytes are the system's unless said otherwise.
    public init(
        uuid: @escaping @Sendable () -> UUID,
        unit: @escaping @Sendable () -> Double,
        bytes: @escaping @Sendable (Int) -> [UInt8] = RandomSource.systemBytes
    ) {
        self.uuid = uuid
        self.unit = unit
        self.bytes = bytes
    }

    /// So many bytes of the system's generator, which is fit for secrets.
    public static let systemBytes: @Sendable (Int) -> [UInt8] = { count in
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
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
        withUnsafeBytes(of: uuid().uuid) { bytes in
            String(unsafeUninitializedCapacity: prefix.utf8.count + 25) { text in
                var end = text.initialize(fromContentsOf: prefix.utf8)
                func add(_ byte: UInt8) {
                    text.initializeElement(at: end, to: byte)
                    end += 1
                }
                add(UInt8(ascii: "_"))
                for place in [0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15] {
                    for digit in [bytes[place] >> 4, bytes[place] & 15] {
                        add(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
                    }
                }
                return end
            }
        }
    }

    /// A UUID of version 7 (RFC 9562 §5.7): 48 bits of milliseconds before the random ones, so that later ones sort behind.
    static func uuid(at now: Date) -> UUID {
        var bytes: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        let milliseconds = UInt64(clamping: now.milliseconds)
        withUnsafeMutableBytes(of: &bytes) { bytes in
            bytes.storeBytes(of: UInt64.random(in: 0...UInt64.max), toByteOffset: 0, as: UInt64.self)
            bytes.storeBytes(of: UInt64.random(in: 0...UInt64.max), toByteOffset: 8, as: UInt64.self)
            for place in 0..<6 { bytes[place] = UInt8(truncatingIfNeeded: milliseconds >> UInt64(40 - 8 * place)) }
            bytes[6] = bytes[6] & 0x0f | 0x70
            bytes[8] = bytes[8] & 0x3f | 0x80
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
