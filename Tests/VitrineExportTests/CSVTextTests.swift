import Foundation
import Testing

@testable import VitrineExport

@Suite struct CSVTextTests {
    @Test(
        "a cell is quoted where it must be",
        arguments: [
            ("plain", "plain"), ("", ""), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            ("a\r\nb", "\"a\r\nb\""), (" padded ", "\" padded \""), ("größe 靴 👟", "größe 靴 👟"), ("a\tb", "a\tb"),
            ("a;b", "a;b"),
        ]
    )
    func quotes(_ cell: String, _ written: String) {
        var table = CSVText(guardsFormulas: false)
        table.append([cell, "x"])

        #expect(String(decoding: table.data, as: UTF8.self) == written + ",x\r\n")
    }

    @Test(
        "what a spreadsheet would compute stands behind an apostrophe",
        arguments: ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "|x", "%x", "＝1", "=\u{301}1"]
    )
    func formulas(_ cell: String) {
        var table = CSVText(guardsFormulas: true)
        table.append([cell])

        let text = String(decoding: table.data, as: UTF8.self)
        #expect(text.unicodeScalars.prefix(2).contains("'"))
    }

    @Test("other delimiters are quoted, and a table for machines keeps its cells")
    func delimiters() {
        var table = CSVText(delimiter: "\t", guardsFormulas: false)
        table.append(["a\tb", "-1", "c,d"])

        #expect(String(decoding: table.data, as: UTF8.self) == "\"a\tb\"\t-1\tc,d\r\n")
    }
}
