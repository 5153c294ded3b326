import Testing
import VitrineCore
import VitrineExport

@Suite struct ExportedProductTests {
    private let product = Sample.product()

    @Test("of each slot the chosen take is shown, else the newest that nobody rejected, in the order of the slots")
    func shown() {
        let exported = ExportedProduct(
            product: product,
            videos: [
                Sample.video(of: product, .story, take: 1),
                Sample.video(of: product, .story, take: 2),
                Sample.video(of: product, .story, take: 3, state: .rejected),
                Sample.video(of: product, .story, take: 4, state: .quarantined),
                Sample.video(of: product, .square, take: 1, isChosen: true),
                Sample.video(of: product, .square, take: 2),
            ]
        )

        let shown = exported.shown(ExportOptions()).map(\.video)

        #expect(shown.map(\.slot.placement) == [.square, .story])
        #expect(shown.map(\.take) == [1, 2])
    }

    @Test("approved only means that an older approved take goes before a newer one, and nothing goes for nothing")
    func approved() {
        let exported = ExportedProduct(
            product: product,
            videos: [
                Sample.video(of: product, .story, take: 1, state: .approved),
                Sample.video(of: product, .story, take: 2),
                Sample.video(of: product, .wide, take: 1),
            ]
        )

        let shown = exported.shown(ExportOptions(approvedOnly: true)).map(\.video)

        #expect(shown.map(\.slot.placement) == [.story])
        #expect(shown.map(\.take) == [1])
    }

    @Test("placements narrow what is shown")
    func placements() {
        let exported = ExportedProduct(
            product: product,
            videos: Placement.allCases.map { Sample.video(of: product, $0) }
        )

        let shown = exported.shown(ExportOptions(placements: [.wide, .square])).map(\.video.slot.placement)

        #expect(shown == [.square, .wide])
    }
}
