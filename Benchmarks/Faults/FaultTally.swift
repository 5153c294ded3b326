import Foundation
import VitrineCore

/// What was thrown at the house, and what came of it.
struct FaultTally: Sendable {
    /// Faults that struck, by kind.
    var struck: [String: Int] = [:]
    /// Orders that providers took.
    var orders = 0
    /// Orders beyond the first of the same work.
    var doubled = 0
    /// Clips that are here, byte for byte.
    var kept = 0
    /// Clips that a provider made, and that are neither here nor awaited.
    var lost = 0
    /// Jobs whose outcome is unknown and that wait for a person, their money reserved, by provider.
    var parked: [String: Int] = [:]
    /// Those of them whose order the provider had taken.
    var parkedTaken: [String: Int] = [:]
    /// Jobs that failed and say so, since their provider made nothing of them or took nothing.
    var failed = 0
    /// What must never be, in words.
    var wrongs: [String] = []

    static func + (one: FaultTally, other: FaultTally) -> FaultTally {
        var sum = one
        sum.struck.merge(other.struck, uniquingKeysWith: +)
        sum.orders += other.orders
        sum.doubled += other.doubled
        sum.kept += other.kept
        sum.lost += other.lost
        sum.parked.merge(other.parked, uniquingKeysWith: +)
        sum.parkedTaken.merge(other.parkedTaken, uniquingKeysWith: +)
        sum.failed += other.failed
        sum.wrongs += other.wrongs
        return sum
    }

    /// How many faults struck.
    var faults: Int { struck.values.reduce(0, +) }

    /// It in words, for people.
    var text: String {
        func list(_ counts: [String: Int]) -> String {
            counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        }
        let asides = parked.values.reduce(0, +)
        let taken = parkedTaken.values.reduce(0, +)
        return """
            faults \(faults): \(list(struck))
            orders \(orders), doubled \(doubled); clips kept \(kept), lost \(lost)
            parked \(asides), each with its money reserved\(asides > 0 ? ": " + list(parked) : "")
            of these taken by their provider \(taken)\(taken > 0 ? ": " + list(parkedTaken) : "")
            failed \(failed), each with its reason
            """
    }
}
