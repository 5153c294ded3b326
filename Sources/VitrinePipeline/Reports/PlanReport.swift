public import VitrineCore

/// A plan with its rows, as `--json` prints it.
public struct PlanReport: Encodable {
    var id: PlanID
    var requests: [PlanRowReport]
    var totals: PlanTotalsReport
    var diagnostics: [Diagnostic]

    /// What is to be told of a plan.
    public init(_ plan: Plan, _ rows: [PlannedRequest], _ diagnostics: [Diagnostic]) {
        id = plan.id
        totals = PlanTotalsReport(plan.totals)
        self.diagnostics = diagnostics
        requests = rows.map(PlanRowReport.init)
    }
}

/// How many rows of each kind a plan has, and what its work costs, as `--json` and the API print it.
public struct PlanTotalsReport: Encodable, Sendable {
    let counts: PlanTotals

    /// What is to be told of sums.
    public init(_ totals: PlanTotals) {
        counts = totals
    }

    /// Writes one number a kind, and the price.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        for change in Change.allCases {
            try container.encode(counts[change], forKey: Key(change.rawValue.replacing("-", with: "_")))
        }
        try container.encode(counts.price, forKey: Key("price"))
        if counts.atMost != counts.price { try container.encode(counts.atMost, forKey: Key("at_most")) }
    }

    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(_ text: String) { stringValue = text }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
