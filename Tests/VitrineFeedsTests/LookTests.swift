import Foundation
import Testing
import VitrineCore

@testable import VitrineFeeds

@Test func look() throws {
    guard let paths = ProcessInfo.processInfo.environment["LOOK"] else { return }
    let map = try ProcessInfo.processInfo.environment["LOOKMAP"].map { try String(contentsOfFile: $0, encoding: .utf8) }
    for path in paths.split(separator: ":") {
        do {
            let s = try FeedSample.read(
                path: String(path),
                map: map,
                all: ProcessInfo.processInfo.environment["LOOKALL"] != nil
            )
            print("=====", path, s.format, s.encoding.rawValue, s.counts, s.isComplete ? "COMPLETE" : "LOST")
            for d in s.diagnostics {
                print("  !", d.severity, d.code, d.line ?? 0, d.field ?? "-", d.message, "|", d.hint ?? "")
            }
            for p in s.products {
                print(
                    "P \(p.line) [\(p.key)] '\(p.title)' brand=\(p.brand ?? "-") price=\(p.price?.description ?? "-") \(p.status) type=\(p.type ?? "-") tags=\(p.tags) cat=\(p.categories.map(\.description)) link=\(p.link ?? "-")"
                )
                print(
                    "   attrs \(p.attributes.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: "; "))"
                )
                print("   desc \(p.description.count): \(p.description.prefix(160).replacing("\n", with: "⏎"))")
                for i in p.images { print("   img \(i.line) \(i.field) \(i.reference.suffix(70)) \(i.alt ?? "")") }
                for v in p.variants {
                    print(
                        "   v \(v.line) [\(v.key)] sku=\(v.sku?.rawValue ?? "-") \(v.options.map { "\($0.name)=\($0.value)" }) \(v.price?.description ?? "-") img=\(v.image?.reference.suffix(30) ?? "-") \(v.attributes.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }) t=\(v.title ?? "-")"
                    )
                }
            }
        } catch let e as FeedError { print("=====", path, "ERROR", e) }
    }
}
