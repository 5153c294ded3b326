import Foundation
import Mustache
public import VitrineCore

/// One folder with a page of all products that opens from disk: no server, no network.
///
/// The page works without JavaScript; with it, clips play in place, products can be found, and a large view opens.
public struct Gallery: Sendable {
    /// What stands above the products and below them.
    public struct Summary: Hashable, Sendable {
        /// The title, such as the feed's name.
        public var title: String
        /// When it was made, in words; empty to leave it out.
        public var made: String
        /// What was wrong on the way.
        public var diagnostics: [Diagnostic]

        /// A title and what was wrong.
        public init(title: String, made: String = "", diagnostics: [Diagnostic] = []) {
            self.title = title
            self.made = made
            self.diagnostics = diagnostics
        }
    }

    /// The most diagnostics that the page lists.
    public static let remarkLimit = 200

    private let template: MustacheTemplate

    /// A gallery of the shipped look.
    public init() throws {
        _ = HTMLText.isKnown
        template = try MustacheTemplate(string: ExportAsset.page.text)
    }

    /// The page and copies of the pictures, videos and posters that it shows, each file once.
    public func files(
        for products: [ExportedProduct],
        summary: Summary,
        options: ExportOptions = ExportOptions()
    ) throws -> [ExportFile] {
        let page = try GalleryPage(products, summary: summary, options: options)
        let html = template.render(page)
        var files = [ExportFile(path: "index.html", contents: .bytes(Array(html.utf8)))]
        var seen = Set<String>()
        func add(_ path: String, copyOf source: String) {
            guard seen.insert(path).inserted else { return }
            files.append(ExportFile(path: path, contents: .copy(of: source)))
        }
        for product in products {
            if let picture = product.picture {
                add("pictures/" + ExportName.picture(picture, of: product.product), copyOf: picture.path)
            }
            for exported in product.shown(options) {
                let stem = "videos/" + ExportName.stem(exported, of: product.product)
                add(stem + ".mp4", copyOf: exported.file)
                add(stem + ".jpg", copyOf: exported.poster)
            }
        }
        return files
    }
}
