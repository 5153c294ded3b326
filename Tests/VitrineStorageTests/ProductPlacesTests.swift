import Testing
import VitrineCore

@testable import VitrineStorage

@Suite("Where the products of an open import stand")
struct ProductPlacesTests {
    @Test("a product is found where it was put, among many and among equal hashes")
    func finds() {
        var places = ProductPlaces(from: 10)
        for number in 0..<5_000 { places.append(ProductPlaces.hash("p_\(number)")) }
        places.append(ProductPlaces.hash("p_7"))

        #expect(places.end == 5_011)
        #expect((0..<5_000).allSatisfy { places.candidates(ProductPlaces.hash("p_\($0)")).contains(Int64(10 + $0)) })
        #expect(places.candidates(ProductPlaces.hash("p_7")) == [17, 5_010])
        #expect(places.candidates(ProductPlaces.hash("p_none")).isEmpty)
    }

    @Test("what is known is taken once, and nothing with a gap before it")
    func appends() {
        var all = ProductPlaces()
        var first = ProductPlaces()
        first.append(1)
        first.append(2)
        var later = ProductPlaces(from: 1)
        later.append(2)
        later.append(3)
        var apart = ProductPlaces(from: 9)
        apart.append(4)

        for places in [first, later, apart, first] { all.append(places) }

        #expect(all.end == 3)
        #expect([1, 2, 3, 4].map { all.candidates($0) } == [[0], [1], [2], []])
    }

    @Test("an import that became shorter is begun anew")
    func shrinks() {
        let imports = OpenImports()
        var places = ProductPlaces()
        places.append(1)
        places.append(2)
        imports.append(places, to: 7)

        #expect(imports.end(of: 7, limit: 5) == 2)
        #expect(imports.candidates(2, in: 7) == [1])
        #expect(imports.end(of: 7, limit: 1) == 0)
        #expect(imports.candidates(2, in: 7).isEmpty)
    }
}
