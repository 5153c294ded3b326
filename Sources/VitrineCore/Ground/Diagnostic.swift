// VitrineCore: the nouns, the rules and the ports of the house.
// It reads no file, opens no socket and knows no clock but the one it is given.
// Every other target depends on it; it depends on Foundation and Crypto alone.

/// One complaint about one place in a file that somebody wrote, for the person who can mend it.
public struct Diagnostic: Hashable, Sendable, Codable {
    /// How bad it is.
    public enum Severity: String, Hashable, Sendable, Codable, CaseIterable {
        /// Something was left out.
        case error
        /// Something was taken, but probably not as meant.
        case warning
        /// Something worth knowing.
        case note
    }

    /// How bad it is.
    public var severity: Severity
    /// The stable, dotted, lower-case name of this kind of complaint, such as `image.too-small`.
    public var code: String
    /// The file, as the user named it.
    public var file: String?
    /// The line in the file, counted from 1.
    public var line: Int?
    /// The column or key.
    public var field: String?
    /// The product it is about.
    public var product: ProductID?
    /// What is wrong, lower case, without a final period.
    public var message: String
    /// What to do about it, if something can be done.
    public var hint: String?

    /// A complaint of a kind, at a place.
    public init(
        _ severity: Severity,
        _ code: String,
        file: String? = nil,
        line: Int? = nil,
        field: String? = nil,
        product: ProductID? = nil,
        _ message: String,
        hint: String? = nil
    ) {
        self.severity = severity
        self.code = code
        self.file = file
        self.line = line
        self.field = field
        self.product = product
        self.message = message
        self.hint = hint
    }
}

/// A value and everything there is to say about how it came to be: one never travels without the other.
public struct Checked<Value> {
    /// What could be made.
    public var value: Value
    /// What was wrong on the way, in file order.
    public var diagnostics: [Diagnostic]

    /// A value with its complaints.
    public init(_ value: Value, _ diagnostics: [Diagnostic] = []) {
        self.value = value
        self.diagnostics = diagnostics
    }
}

extension Checked: Sendable where Value: Sendable {}
extension Checked: Equatable where Value: Equatable {}
