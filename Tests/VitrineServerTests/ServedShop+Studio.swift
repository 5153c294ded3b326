import Foundation
import HTTPTypes
import Testing
import VitrineCore
import VitrineStorage
import VitrineTesting

@testable import VitrineServer

extension ServedShop {
    static let formType = "application/x-www-form-urlencoded"

    /// A key with these scopes, and its text.
    func key(_ scopes: Set<Scope>) async throws -> (key: AccessKey, text: String) {
        let made = AccessKey.new(name: "k", scopes: scopes, at: time.now, random: .system)
        try await store.add(made.key)
        return made
    }

    /// Signs in and gives back the cookie.
    func signIn(_ key: String) async throws -> String {
        let answer = try await send(
            .post,
            "/studio/sign-in",
            type: Self.formType,
            Data("key=\(key)&to=%2Fstudio%2Freview".utf8)
        )
        #expect(answer.status == 303)
        #expect(answer.header("Location") == "/studio/review")
        let header = try #require(answer.header("Set-Cookie"))
        #expect(header.contains("HttpOnly") && header.contains("SameSite=Lax"))
        return String(header.prefix { $0 != ";" })
    }

    /// The token of a page's forms.
    static func formToken(_ page: String) throws -> String {
        String(try #require(page.firstMatch(of: /name="form" value="([0-9a-f]+)"/)).1)
    }
}
