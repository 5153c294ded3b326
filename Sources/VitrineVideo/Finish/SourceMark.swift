import Foundation
import VitrineCore

/// The XMP packet that says how a clip was made, for machines to read, as European law (Regulation 2024/1689, article 50)
/// asks of makers of synthetic video.
///
/// The property is `Iptc4xmpExt:DigitalSourceType`, its values are IPTC's (https://cv.iptc.org/newscodes/digitalsourcetype).
/// - A clip of the local renderer is `algorithmicallyEnhanced`, which IPTC names algorithmically-altered media: a program
///   without any trained model moves a camera over the merchant's own photo and grades it.
/// - A clip that a model made from a picture is `compositeWithTrainedAlgorithmicMedia`: existing media, augmented by a
///   generative model.
/// - A clip that a model made from words alone is `trainedAlgorithmicMedia`.
struct SourceMark: Hashable, Sendable {
    /// The IPTC value.
    let sourceType: String
    /// What made it, as a tool's name.
    let tool: String
    /// When.
    let made: Date

    /// The mark of a clip.
    init(request: VideoRequest, made: Date) {
        let isWordsAlone =
            request.pictures.isEmpty || (!request.shots.isEmpty && request.shots.allSatisfy { $0.from == .text })
        let value =
            switch (request.provider, isWordsAlone) {
            case (.local, _): "algorithmicallyEnhanced"
            case (_, true): "trainedAlgorithmicMedia"
            case (_, false): "compositeWithTrainedAlgorithmicMedia"
            }
        sourceType = "http://cv.iptc.org/newscodes/digitalsourcetype/" + value
        tool = "Vitrine (\(request.provider.rawValue) \(request.model))"
        self.made = made
    }

    /// The packet.
    var packet: String {
        """
        <?xpacket begin="\u{FEFF}" id="W5M0MpCehiHzreSzNTczkc9d"?>
        <x:xmpmeta xmlns:x="adobe:ns:meta/">
         <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
          <rdf:Description rdf:about=""
            xmlns:xmp="http://ns.adobe.com/xap/1.0/"
            xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">
           <xmp:CreatorTool>\(SourceMark.escaped(tool))</xmp:CreatorTool>
           <xmp:CreateDate>\(made.formatted(.iso8601))</xmp:CreateDate>
           <Iptc4xmpExt:DigitalSourceType>\(sourceType)</Iptc4xmpExt:DigitalSourceType>
          </rdf:Description>
         </rdf:RDF>
        </x:xmpmeta>
        <?xpacket end="r"?>
        """
    }

    /// The packet as the `uuid` box that XMP in MP4 stands in (XMP specification, part 3).
    var box: Data {
        let content = Data(packet.utf8)
        var box = Data()
        let count = UInt32(8 + SourceMark.identifier.count + content.count)
        withUnsafeBytes(of: count.bigEndian) { box.append(contentsOf: $0) }
        box.append(contentsOf: Array("uuid".utf8) + SourceMark.identifier)
        box.append(content)
        return box
    }

    private static let identifier: [UInt8] = [
        0xBE, 0x7A, 0xCF, 0xCB, 0x97, 0xA9, 0x42, 0xE8, 0x9C, 0x71, 0x99, 0x94, 0x91, 0xE3, 0xAF, 0xAC,
    ]

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
