import Foundation

/// The fields of a JSON object, read strictly: a wrong type, a value out of its list or range, and a name that nobody knows are refused.
///
/// Null counts as absent, because some clients send every option that was not set as null.
struct Fields {
    private var values: [String: JSON]
    private let place: String

    init(_ values: [String: JSON], at place: String = "") {
        self.values = values.filter { $0.value != .null }
        self.place = place
    }

    /// The names that are there and not yet read.
    var names: Set<String> { Set(values.keys) }

    private func refusal(_ name: String, _ message: String) -> Refusal {
        Refusal(.field, "`\(place)\(name)`: \(message)", field: place + name)
    }

    private mutating func take(_ name: String) -> JSON? { values.removeValue(forKey: name) }

    /// A value of any kind.
    mutating func any(_ name: String) -> JSON? { take(name) }

    /// A string of at most that many units.
    mutating func text(_ name: String, upTo limit: Int? = nil) throws(Refusal) -> String? {
        guard let value = take(name) else { return nil }
        guard case .text(let text) = value else { throw refusal(name, "expected a string but got \(value.kind)") }
        if let limit, text.utf16.count > limit {
            throw refusal(name, "expected at most \(limit) characters but got \(text.utf16.count)")
        }
        return text
    }

    /// A string that must be there and not empty.
    mutating func neededText(_ name: String, upTo limit: Int? = nil) throws(Refusal) -> String {
        guard let text = try text(name, upTo: limit), !text.isEmpty else { throw refusal(name, "field required") }
        return text
    }

    /// One of these strings.
    mutating func choice(_ name: String, of choices: [String]) throws(Refusal) -> String? {
        guard let text = try text(name) else { return nil }
        guard choices.contains(text) else {
            throw refusal(name, "expected one of \(choices.joined(separator: ", ")) but got `\(text)`")
        }
        return text
    }

    /// A whole number within a range.
    mutating func integer(_ name: String, in range: ClosedRange<Int>) throws(Refusal) -> Int? {
        guard let value = take(name) else { return nil }
        guard case .integer(let number) = value else {
            throw refusal(name, "expected an integer but got \(value.kind)")
        }
        guard range.contains(number) else {
            throw refusal(name, "expected \(range.lowerBound) to \(range.upperBound) but got \(number)")
        }
        return number
    }

    /// A boolean.
    mutating func flag(_ name: String) throws(Refusal) -> Bool? {
        guard let value = take(name) else { return nil }
        guard case .flag(let flag) = value else { throw refusal(name, "expected a boolean but got \(value.kind)") }
        return flag
    }

    /// An object within; empty when it is not there.
    mutating func object(_ name: String) throws(Refusal) -> Fields {
        guard let value = take(name) else { return Fields([:], at: place + name + ".") }
        guard case .map(let map) = value else { throw refusal(name, "expected an object but got \(value.kind)") }
        return Fields(map, at: place + name + ".")
    }

    /// The objects of an array; empty when it is not there.
    mutating func objects(_ name: String) throws(Refusal) -> [Fields] {
        guard let value = take(name) else { return [] }
        guard case .list(let list) = value else { throw refusal(name, "expected an array but got \(value.kind)") }
        var objects: [Fields] = []
        for (index, item) in list.enumerated() {
            guard case .map(let map) = item else {
                throw refusal("\(name)[\(index)]", "expected an object but got \(item.kind)")
            }
            objects.append(Fields(map, at: "\(place)\(name)[\(index)]."))
        }
        return objects
    }

    /// Refuses what nobody asked for: a name that the provider does not know is a mistake of the client.
    func end() throws(Refusal) {
        if let name = values.keys.min() { throw refusal(name, "no such field") }
    }
}
