import VitrineCore

/// What applying a plan did, as `--json` and the API print it.
public struct AppliedReport: Encodable, Sendable {
    struct LeftOut: Encodable {
        var product: ProductID
        var title: String
        var placement: Placement
        var why: String
    }

    var run: RunID
    var jobs: [JobID]
    var leftOut: [LeftOut]
    var price: [Money]

    /// What is to be told of it.
    public init(_ applied: AppliedPlan) {
        run = applied.run
        jobs = applied.jobs
        price = applied.price
        leftOut = applied.leftOut.map {
            LeftOut(product: $0.slot.product, title: $0.title, placement: $0.slot.placement, why: $0.why)
        }
    }
}
