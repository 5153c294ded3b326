/// What stands around every page.
struct Frame {
    /// The pages that the bar names.
    enum Place {
        case catalogue, review, work, presets, imports, export
    }

    var title: String
    var body: String
    var style = StudioAsset.style.address
    var script = StudioAsset.script.address
    var isCatalogue: Bool
    var isReview: Bool
    var isWork: Bool
    var isPresets: Bool
    var isImports: Bool
    var isExport: Bool
    var hasBar: Bool
    var isSignedIn: Bool
    var form: String

    init(title: String, body: String, at place: Place?, visit: Visit?) {
        self.title = title
        self.body = body
        isCatalogue = place == .catalogue
        isReview = place == .review
        isWork = place == .work
        isPresets = place == .presets
        isImports = place == .imports
        isExport = place == .export
        hasBar = visit != nil
        isSignedIn = visit?.isSignedIn ?? false
        form = visit?.formToken ?? ""
    }
}
