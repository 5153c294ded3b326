public import Foundation

/// Something that changed in a home, for those who watch: what it is about and how it stands, and no more.
public struct HomeEvent: Hashable, Sendable {
    /// What it is about.
    public enum Topic: String, Hashable, Sendable, Codable, CaseIterable {
        /// A job has another state.
        case job
        /// A video is there, or a person decided about it.
        case video
        /// An import has another state.
        case `import`
        /// Money was set aside, spent or given back.
        case spend
    }

    /// Its number; later events have larger ones.
    public var number: Int64
    /// When it was recorded.
    public var at: Date
    /// What it is about.
    public var topic: Topic
    /// The identity of the job, video or import; for money that of the job.
    public var subject: String
    /// How that stands now.
    public var state: String
    /// The product, where it is about one.
    public var product: ProductID?

    /// An event.
    public init(number: Int64, at: Date, topic: Topic, subject: String, state: String, product: ProductID? = nil) {
        self.number = number
        self.at = at
        self.topic = topic
        self.subject = subject
        self.state = state
        self.product = product
    }
}
