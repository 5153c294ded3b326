import Foundation
import Mustache
public import VitrineCore

/// One folder with a page on which the takes of several models lie side by side; it opens from disk.
public struct CompareSheet: Sendable {
    /// One product's takes.
    public struct Row: Hashable, Sendable {
        /// What the product is called.
        public var title: String
        /// Its shape.
        public var placement: Placement
        /// The takes with their files.
        public var takes: [ExportedVideo]

        /// A row.
        public init(title: String, placement: Placement, takes: [ExportedVideo]) {
            self.title = title
            self.placement = placement
            self.takes = takes
        }
    }

    private struct Page {
        var style: String
        var policy: String
        var hasStandings: Bool
        var standings: [Standing]
        var rows: [Strip]
    }

    private struct Standing {
        var model: String
        var category: String
        var wins: String
        var interval: String
    }

    private struct Strip {
        var title: String
        var shape: String
        var takes: [Cell]
    }

    private struct Cell {
        var model: String
        var id: String
        var video: String
        var poster: String
        var seconds: String
    }

    private let template: MustacheTemplate

    /// A sheet of the shipped look.
    public init() throws {
        _ = HTMLText.isKnown
        template = try MustacheTemplate(string: ExportAsset.compare.text)
    }

    /// The page and copies of the clips and posters that it shows.
    public func files(for rows: [Row], standings: [ModelStanding]) -> [ExportFile] {
        var files: [ExportFile] = []
        let strips = rows.map { row in
            Strip(
                title: row.title,
                shape: row.placement.rawValue,
                takes: row.takes.map { take in
                    let stem = "videos/" + take.video.clip.file.digest.hexadecimal.prefix(16)
                    files.append(ExportFile(path: stem + ".mp4", contents: .copy(of: take.file)))
                    files.append(ExportFile(path: stem + ".jpg", contents: .copy(of: take.poster)))
                    return Cell(
                        model: "\(take.video.provider) · \(take.video.model)",
                        id: take.video.id.rawValue,
                        video: stem + ".mp4",
                        poster: stem + ".jpg",
                        seconds: String((take.video.clip.seconds * 10).rounded() / 10)
                    )
                }
            )
        }
        let style = ExportAsset.compareStyle.text
        let page = Page(
            style: style,
            policy: "default-src 'none'; img-src 'self' file:; media-src 'self' file:; style-src 'unsafe-inline'; "
                + "base-uri 'none'; form-action 'none'",
            hasStandings: !standings.isEmpty,
            standings: standings.map { standing in
                Standing(
                    model: "\(standing.provider) · \(standing.model)",
                    category: standing.category ?? "all",
                    wins: "\(standing.wins) of \(standing.of)",
                    interval: CompareSheet.words(standing.interval)
                )
            },
            rows: strips
        )
        var seen = Set<String>()
        return [ExportFile(path: "index.html", contents: .bytes(Array(template.render(page).utf8)))]
            + files.filter { seen.insert($0.path).inserted }
    }

    /// An interval of shares in whole per cent.
    public static func words(_ interval: ClosedRange<Double>) -> String {
        "\(Int((interval.lowerBound * 100).rounded()))–\(Int((interval.upperBound * 100).rounded())) %"
    }
}
