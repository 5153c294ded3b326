import Foundation
import Testing
import VitrineCore

@testable import VitrineFeeds

@Suite struct ProfileTests {
    @Test("every shipped profile reads without a complaint")
    func shippedProfilesAreRight() {
        let files = FeedAssets.profiles()
        #expect(!files.isEmpty)
        for file in files {
            let checked = ProfileReader.read(file.text, file: file.name)
            #expect(checked.diagnostics.isEmpty, "\(file.name): \(checked.diagnostics)")
            #expect(!checked.value.identity.isEmpty && !checked.value.title.isEmpty && !checked.value.required.isEmpty)
            #expect(file.name == "Sources/VitrineFeeds/Profiles/\(checked.value.name).yaml")
        }
    }
}
