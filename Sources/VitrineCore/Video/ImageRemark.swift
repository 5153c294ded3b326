/// What makes a picture a poor choice for a video although it can be used; each is a diagnostic code behind `image.`.
public enum ImageRemark: String, Hashable, Sendable, Codable, CaseIterable {
    /// It says that there is no picture.
    case placeholder
    /// Even its sharpest edges are soft.
    case blurred
    /// Words or a price stand beside the product.
    case text
    /// It shows several things, apart from each other: poor for a preset that wants one alone, fine for a pair or a set.
    case several
    /// It shows the same as an earlier picture of the product.
    case duplicate

    /// What it looks like, in words that go on from "the picture".
    public var words: String {
        switch self {
        case .placeholder: "looks like a placeholder for a picture that is missing"
        case .blurred: "is blurred"
        case .text: "has text beside the product"
        case .several: "shows several products"
        case .duplicate: "shows the same as another picture of the product"
        }
    }
}
