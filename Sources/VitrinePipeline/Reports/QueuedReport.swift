public import VitrineCore

/// A job that was just queued, as commands print it.
public struct QueuedReport: Encodable {
    var job: JobID
    var product: ProductID
    var placement: Placement
    var take: Int
    var price: Money

    /// What is to be told of a new job.
    public init(_ job: Job) {
        self.job = job.id
        product = job.slot.product
        placement = job.slot.placement
        take = job.take
        price = job.price
    }
}
