import Foundation
import VitrineCore

/// Where the pictures of a feed may be found: a folder beside the feed or named by the user, and the addresses the feed names.
struct PictureLocator: Sendable {
    /// A place to look at.
    enum Place: Hashable, Sendable {
        /// A file inside the allowed folder, by its real path.
        case file(String)
        /// An address, and the file to take where it cannot be reached.
        case address(String, otherwise: String?)

        /// The text by which the place is remembered.
        var location: String {
            switch self {
            case .file(let path): path
            case .address(let url, _): url
            }
        }
    }

    /// The folder that may be read, by its real path; nil when no file may be.
    let root: String?
    /// The address of the feed, against which relative references are read.
    let base: URL?
    /// Whether the folder is flat, so that of a path in the feed its last part alone is looked for: how pictures come by an upload.
    let isFlat: Bool

    /// A locator that may read below `folder`.
    init(folder: String?, base: URL? = nil, isFlat: Bool = false) {
        root = folder.flatMap { PictureLocator.realPath($0) }
        self.base = base
        self.isFlat = isFlat
    }

    /// The place that a reference means.
    func place(of reference: String) throws(ImageRefusal) -> Place {
        let reference = reference.trimmed
        if reference.isEmpty || reference.contains(where: \.isNewline) {
            throw ImageRefusal(.notAReference, "`\(reference.prefix(80))` is neither an address nor a path")
        }
        if let scheme = PictureLocator.scheme(of: reference) {
            guard scheme == "http" || scheme == "https" else {
                throw ImageRefusal(
                    .notAReference,
                    "`\(reference.prefix(80))` is not fetched: expected http or https but got `\(scheme)`"
                )
            }
            return .address(reference, otherwise: fileNamed(PictureLocator.fileName(of: reference)))
        }
        if let base, root == nil {
            guard let url = URL(string: reference, relativeTo: base)?.absoluteString else {
                throw ImageRefusal(.notAReference, "`\(reference.prefix(80))` is neither an address nor a path")
            }
            return .address(url, otherwise: nil)
        }
        return .file(try path(of: reference))
    }

    private func path(of reference: String) throws(ImageRefusal) -> String {
        if isFlat {
            if let real = fileNamed(PictureLocator.fileName(of: reference)) { return real }
            throw ImageRefusal(
                .missing,
                "`\(reference.prefix(80))` was not among the uploaded pictures",
                hint: "send it with the feed, under its file name"
            )
        }
        guard let root else {
            throw ImageRefusal(
                .missing,
                "`\(reference.prefix(80))` is a file name, and no folder of pictures is known",
                hint: "name the folder with `--images DIR`"
            )
        }
        let candidates = [reference, reference.removingPercentEncoding ?? reference]
        for candidate in candidates {
            let joined = candidate.hasPrefix("/") ? candidate : root + "/" + candidate
            guard let real = PictureLocator.realPath(joined) else { continue }
            guard real.hasPrefix(root + "/") else {
                throw ImageRefusal(
                    .outside,
                    "`\(reference.prefix(80))` leads out of the folder of pictures",
                    hint: "put the picture into the folder, or name another one with `--images DIR`"
                )
            }
            return real
        }
        if reference.split(separator: "/").contains("..") || reference.hasPrefix("/") {
            throw ImageRefusal(.outside, "`\(reference.prefix(80))` leads out of the folder of pictures")
        }
        throw ImageRefusal(
            .missing,
            "`\(reference.prefix(80))` is not in the folder of pictures",
            hint: "put it there, or name another folder with `--images DIR`"
        )
    }

    private func fileNamed(_ name: String) -> String? {
        guard let root, !name.isEmpty, !name.contains("/"), let real = PictureLocator.realPath(root + "/" + name),
            real.hasPrefix(root + "/")
        else { return nil }
        return real
    }

    private static func scheme(of reference: String) -> String? {
        guard let colon = reference.firstIndex(of: ":"), reference[colon...].hasPrefix("://") else { return nil }
        return reference[..<colon].lowercased()
    }

    private static func fileName(of address: String) -> String {
        let path = address.prefix { $0 != "?" && $0 != "#" }
        let name = String(path.split(separator: "/").last ?? "")
        return name.removingPercentEncoding ?? name
    }

    private static func realPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
