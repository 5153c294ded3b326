import Testing
import VitrineCore

@testable import VitrineFeeds

@Suite struct WooCommerceLanguagesTests {
    /// ID, type, SKU, name, published, price, categories, images, parent, attribute name and value.
    static let headers = [
        "ID,Type,SKU,Name,Published,Regular price,Categories,Images,Parent,Attribute 1 name,Attribute 1 value(s)",
        "ID,Typ,Artikelnummer,Name,Veröffentlicht,Regulärer Preis,Kategorien,Bilder,Übergeordnetes Produkt,Attribut 1 Name,Attribut 1 Wert(e)",
        "ID,Type,UGS,Nom,Publié,Tarif régulier,Catégories,Images,Parent,Nom de l’attribut 1,Valeur(s) de l’attribut 1 ",
        "ID,Tipo,SKU,Nombre,Publicado,Precio normal,Categorías,Imágenes,Superior,Nombre del atributo 1,Valor(es) del atributo 1",
        "ID,Tipo,COD,Nome,Pubblicato,Prezzo di listino,Categorie,Immagini,Genitore,Attributo 1 nome,Attributo 1 valore(i)",
        "ID,Type,Artikelnummer,Naam,Gepubliceerd,Reguliere prijs,Categorieën,Afbeeldingen,Hoofd,Naam eigenschap 1,Waarde eigenschap 1",
        "ID,Typ,SKU,Nazwa,Opublikowano,Cena,Kategorie,Obrazki,Element nadrzędny,Nazwa atrybutu 1,Wartości atrybutu 1",
        "ID,Tipo,SKU,Nome,Publicado,Preço,Categorias,Imagens,Ascendente,Nome do atributo 1,Valores do atributo 1",
        "ID,Тип,Артикул,Имя,Опубликован,Базовая цена,Категории,Изображения,Родительский,Имя атрибута 1,Значение(-я) аттрибута(-ов) 1",
        "Kimlik,Tür,Stok kodu (SKU),İsim,Yayımlanmış,Normal fiyat,Kategoriler,Görseller,Ebeveyn,Nitelik 1 ismi,Nitelik 1 değer(ler)i",
        "ID,タイプ,SKU,名前,公開済み,標準価格,カテゴリー,画像,親,属性 1 の名前,属性 1 の値",
        "ID,类型,SKU,名称,已发布,常规售价,分类,图片,父级,属性 1 名称,属性 1 值",
    ]

    @Test("headers in the language of the site are understood", arguments: headers)
    func language(header: String) throws {
        let feed = try FeedSample.read(
            header + "\n"
                + "7,variable,P,Parent,1,,Home > Lamps,https://x.example/a.jpg,,Color,\"Red, Blue\"\n"
                + "8,variation,P-R,Parent - Red,1,12.50,,https://x.example/r.jpg,id:7,Color,Red\n"
                + "9,simple,Q,Single,1,5.00,Home,https://x.example/q.jpg,,Color,Green\n"
        )

        #expect(feed.format == "woocommerce")
        #expect(feed.titles == ["Parent", "Single"])
        #expect(feed.products.map(\.key) == ["7", "9"])
        #expect(feed.products[0].categories == [CategoryPath(["Home", "Lamps"])])
        #expect(feed.products[0].variants.map(\.key) == ["8"])
        #expect(feed.products[0].variants[0].sku == "P-R")
        #expect(feed.products[0].variants[0].color == "Red")
        #expect(feed.products[0].variants[0].price == Money("12.50", currency: "USD"))
        #expect(feed.products[0].images.map(\.reference) == ["https://x.example/a.jpg", "https://x.example/r.jpg"])
        #expect(feed.products[1].attributes["color"] == "Green")
        #expect(feed.diagnostics.isEmpty)
    }
}
