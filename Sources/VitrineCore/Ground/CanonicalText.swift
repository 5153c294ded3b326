import Foundation

/// Names and values written so that two different lists never read the same: what a fingerprint is taken of.
///
/// Each value stands behind its name and its length in bytes, in the order given; the first line is the version.
/// A field that is nil is left out, so that a field added in a later release changes no older fingerprint.
public struct CanonicalText: Sendable {
    /// What has been written so far.
    public private(set) var text: String

    /// An empty list under a versioned title, such as `vitrine.request.1`.
    public init(_ title: String) {
        text = title + "\n"
    }

    /// Writes one field, unless it is nil.
    public mutating func write(_ name: String, _ value: String?) {
        guard let value else { return }
        text += "\(name) \(value.utf8.count) \(value)\n"
    }

    /// Writes a whole number.
    public mutating func write(_ name: String, _ value: some BinaryInteger) {
        write(name, String(value))
    }

    /// Writes a number to the thousandth, so that no rounding of a platform shows.
    public mutating func write(_ name: String, thousandths value: Double) {
        write(name, String(Int64((value * 1000).rounded())))
    }

    /// The digest of what has been written.
    public var digest: Digest { Digest(of: text) }
}
