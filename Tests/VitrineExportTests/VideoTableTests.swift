import Foundation
import Testing
import VitrineCore
import VitrineExport

@Suite struct VideoTableTests {
    private let product = Sample.product(title: "=Runner, \"3\"")

    private var products: [ExportedProduct] {
        [
            ExportedProduct(
                product: product,
                videos: [
                    Sample.video(of: product, .square, seconds: 6.04),
                    Sample.video(of: product, .story, skus: ["TR-3", "-TR"]),
                    Sample.video(of: product, .wide, state: .rejected),
                ]
            )
        ]
    }

    @Test("the table has one row a shown video, and no cell that computes")
    func csv() throws {
        let url = try #require(MediaURL("https://cdn.example/v"))
        let text = String(
            decoding: VideoTable.csv(products, options: ExportOptions(mediaURL: url), files: .inGallery),
            as: UTF8.self
        )
        let lines = text.components(separatedBy: "\r\n")
        let digests = products[0].videos.map(\.video.clip.file.digest)

        #expect(lines.count == 4)
        #expect(
            lines[0] == "product,skus,title,placement,preset,provider,model,tier,take,state,seconds,width,height,"
                + "file,poster,sha256,bytes,id,url"
        )
        let stem = "runner-3-1x1-\(digests[0].short)"
        #expect(
            lines[1]
                == "\(product.id),TR-3,\"'=Runner, \"\"3\"\"\",1:1,running-shoes,local,motion-1,draft,1,new,6.04,1080,"
                + "1080,videos/\(stem).mp4,videos/\(stem).jpg,\(digests[0]),1234567,\(products[0].videos[0].video.id),"
                + "https://cdn.example/v/\(stem).mp4"
        )
        #expect(lines[2].contains(",\"TR-3, -TR\","))
        #expect(lines[3].isEmpty)
    }

    @Test("without an address for the media there is no column for it, and files are where they are")
    func onDisk() {
        let lines = String(decoding: VideoTable.csv(products), as: UTF8.self).components(separatedBy: "\r\n")

        #expect(lines[0].hasSuffix(",bytes,id"))
        #expect(lines[1].contains(",/media/a.mp4,/media/a.jpg,"))
    }

    @Test("the JSON says the same, with names that stay")
    func json() throws {
        let data = try VideoTable.json(products, files: .inGallery)
        let rows = try #require(try JSONSerialization.jsonObject(with: data) as? [[String: Any]])

        #expect(rows.count == 2)
        #expect(
            Set(rows[0].keys) == [
                "id", "product", "skus", "title", "preset", "placement", "provider", "model", "tier", "take", "state",
                "seconds", "width", "height", "file", "poster", "sha256", "bytes", "synthetic",
            ]
        )
        #expect(rows[0]["title"] as? String == "=Runner, \"3\"")
        #expect(rows[1]["skus"] as? [String] == ["TR-3", "-TR"])
        #expect(rows[1]["placement"] as? String == "9:16")
        #expect(rows[0]["synthetic"] as? Bool == true)
        #expect(try JSONDecoder().decode([VideoRow].self, from: data) == VideoTable.rows(products, files: .inGallery))
    }

    @Test("no products are an empty table")
    func empty() throws {
        #expect(String(decoding: VideoTable.csv([]), as: UTF8.self).components(separatedBy: "\r\n").count == 2)
        #expect(String(decoding: try VideoTable.json([]), as: UTF8.self) == "[\n\n]\n")
    }
}
