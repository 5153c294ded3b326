/* Written by scripts/list-assets; do not edit. */
#include "assets.h"

static const unsigned char asset_0[] = {
#embed "../../Sources/VitrineExport/Templates/compare.css" suffix(,)
0 };
static const unsigned char asset_1[] = {
#embed "../../Sources/VitrineExport/Templates/compare.mustache" suffix(,)
0 };
static const unsigned char asset_2[] = {
#embed "../../Sources/VitrineExport/Templates/gallery.css" suffix(,)
0 };
static const unsigned char asset_3[] = {
#embed "../../Sources/VitrineExport/Templates/gallery.js" suffix(,)
0 };
static const unsigned char asset_4[] = {
#embed "../../Sources/VitrineExport/Templates/gallery.mustache" suffix(,)
0 };
static const unsigned char asset_5[] = {
#embed "../../Sources/VitrineFeeds/Profiles/amazon.yaml" suffix(,)
0 };
static const unsigned char asset_6[] = {
#embed "../../Sources/VitrineFeeds/Profiles/bigcommerce-legacy.yaml" suffix(,)
0 };
static const unsigned char asset_7[] = {
#embed "../../Sources/VitrineFeeds/Profiles/bigcommerce-v3.yaml" suffix(,)
0 };
static const unsigned char asset_8[] = {
#embed "../../Sources/VitrineFeeds/Profiles/etsy.yaml" suffix(,)
0 };
static const unsigned char asset_9[] = {
#embed "../../Sources/VitrineFeeds/Profiles/google-xml.yaml" suffix(,)
0 };
static const unsigned char asset_10[] = {
#embed "../../Sources/VitrineFeeds/Profiles/google.yaml" suffix(,)
0 };
static const unsigned char asset_11[] = {
#embed "../../Sources/VitrineFeeds/Profiles/magento.yaml" suffix(,)
0 };
static const unsigned char asset_12[] = {
#embed "../../Sources/VitrineFeeds/Profiles/meta.yaml" suffix(,)
0 };
static const unsigned char asset_13[] = {
#embed "../../Sources/VitrineFeeds/Profiles/prestashop.yaml" suffix(,)
0 };
static const unsigned char asset_14[] = {
#embed "../../Sources/VitrineFeeds/Profiles/shopify.yaml" suffix(,)
0 };
static const unsigned char asset_15[] = {
#embed "../../Sources/VitrineFeeds/Profiles/squarespace.yaml" suffix(,)
0 };
static const unsigned char asset_16[] = {
#embed "../../Sources/VitrineFeeds/Profiles/wix.yaml" suffix(,)
0 };
static const unsigned char asset_17[] = {
#embed "../../Sources/VitrineFeeds/Profiles/woocommerce.yaml" suffix(,)
0 };
static const unsigned char asset_18[] = {
#embed "../../Sources/VitrineProviders/prices.yaml" suffix(,)
0 };
static const unsigned char asset_19[] = {
#embed "../../Sources/VitrineServer/Templates/catalogue.mustache" suffix(,)
0 };
static const unsigned char asset_20[] = {
#embed "../../Sources/VitrineServer/Templates/compare.mustache" suffix(,)
0 };
static const unsigned char asset_21[] = {
#embed "../../Sources/VitrineServer/Templates/confirm.mustache" suffix(,)
0 };
static const unsigned char asset_22[] = {
#embed "../../Sources/VitrineServer/Templates/draft-clip.mustache" suffix(,)
0 };
static const unsigned char asset_23[] = {
#embed "../../Sources/VitrineServer/Templates/draft.mustache" suffix(,)
0 };
static const unsigned char asset_24[] = {
#embed "../../Sources/VitrineServer/Templates/editor.mustache" suffix(,)
0 };
static const unsigned char asset_25[] = {
#embed "../../Sources/VitrineServer/Templates/export.mustache" suffix(,)
0 };
static const unsigned char asset_26[] = {
#embed "../../Sources/VitrineServer/Templates/frame.mustache" suffix(,)
0 };
static const unsigned char asset_27[] = {
#embed "../../Sources/VitrineServer/Templates/import.mustache" suffix(,)
0 };
static const unsigned char asset_28[] = {
#embed "../../Sources/VitrineServer/Templates/imports.mustache" suffix(,)
0 };
static const unsigned char asset_29[] = {
#embed "../../Sources/VitrineServer/Templates/plan.mustache" suffix(,)
0 };
static const unsigned char asset_30[] = {
#embed "../../Sources/VitrineServer/Templates/presets.mustache" suffix(,)
0 };
static const unsigned char asset_31[] = {
#embed "../../Sources/VitrineServer/Templates/product.mustache" suffix(,)
0 };
static const unsigned char asset_32[] = {
#embed "../../Sources/VitrineServer/Templates/review.mustache" suffix(,)
0 };
static const unsigned char asset_33[] = {
#embed "../../Sources/VitrineServer/Templates/sign-in.mustache" suffix(,)
0 };
static const unsigned char asset_34[] = {
#embed "../../Sources/VitrineServer/Templates/studio.css" suffix(,)
0 };
static const unsigned char asset_35[] = {
#embed "../../Sources/VitrineServer/Templates/studio.js" suffix(,)
0 };
static const unsigned char asset_36[] = {
#embed "../../Sources/VitrineServer/Templates/styles.mustache" suffix(,)
0 };
static const unsigned char asset_37[] = {
#embed "../../Sources/VitrineServer/Templates/trouble.mustache" suffix(,)
0 };
static const unsigned char asset_38[] = {
#embed "../../Sources/VitrineServer/Templates/versions.mustache" suffix(,)
0 };
static const unsigned char asset_39[] = {
#embed "../../Sources/VitrineServer/Templates/work.mustache" suffix(,)
0 };
static const unsigned char asset_40[] = {
#embed "../../Sources/VitrineServer/openapi.yaml" suffix(,)
0 };
static const unsigned char asset_41[] = {
#embed "../../Sources/VitrineStorage/Migrations/m001_beginning.sql" suffix(,)
0 };
static const unsigned char asset_42[] = {
#embed "../../Sources/VitrineStorage/Migrations/m002_service.sql" suffix(,)
0 };
static const unsigned char asset_43[] = {
#embed "../../Sources/VitrineStorage/Migrations/m003_money.sql" suffix(,)
0 };
static const unsigned char asset_44[] = {
#embed "../../Sources/VitrineStorage/Migrations/m004_webhooks.sql" suffix(,)
0 };
static const unsigned char asset_45[] = {
#embed "../../Sources/VitrineStorage/Migrations/m005_studio.sql" suffix(,)
0 };
static const unsigned char asset_46[] = {
#embed "../../Sources/VitrineStorage/Migrations/m006_choosing.sql" suffix(,)
0 };
static const unsigned char asset_47[] = {
#embed "../../Sources/VitrineStorage/Migrations/m007_lists_and_paces.sql" suffix(,)
0 };
static const unsigned char asset_48[] = {
#embed "../../Sources/VitrineStorage/Migrations/m008_answers.sql" suffix(,)
0 };
static const unsigned char asset_49[] = {
#embed "../../presets/accessories.yaml" suffix(,)
0 };
static const unsigned char asset_50[] = {
#embed "../../presets/apparel.yaml" suffix(,)
0 };
static const unsigned char asset_51[] = {
#embed "../../presets/bags.yaml" suffix(,)
0 };
static const unsigned char asset_52[] = {
#embed "../../presets/base.yaml" suffix(,)
0 };
static const unsigned char asset_53[] = {
#embed "../../presets/beauty.yaml" suffix(,)
0 };
static const unsigned char asset_54[] = {
#embed "../../presets/categories.yaml" suffix(,)
0 };
static const unsigned char asset_55[] = {
#embed "../../presets/culture.yaml" suffix(,)
0 };
static const unsigned char asset_56[] = {
#embed "../../presets/doors.yaml" suffix(,)
0 };
static const unsigned char asset_57[] = {
#embed "../../presets/electronics.yaml" suffix(,)
0 };
static const unsigned char asset_58[] = {
#embed "../../presets/fallback.yaml" suffix(,)
0 };
static const unsigned char asset_59[] = {
#embed "../../presets/food.yaml" suffix(,)
0 };
static const unsigned char asset_60[] = {
#embed "../../presets/footwear.yaml" suffix(,)
0 };
static const unsigned char asset_61[] = {
#embed "../../presets/furniture.yaml" suffix(,)
0 };
static const unsigned char asset_62[] = {
#embed "../../presets/garden.yaml" suffix(,)
0 };
static const unsigned char asset_63[] = {
#embed "../../presets/home.yaml" suffix(,)
0 };
static const unsigned char asset_64[] = {
#embed "../../presets/jewelry.yaml" suffix(,)
0 };
static const unsigned char asset_65[] = {
#embed "../../presets/kitchen.yaml" suffix(,)
0 };
static const unsigned char asset_66[] = {
#embed "../../presets/living.yaml" suffix(,)
0 };
static const unsigned char asset_67[] = {
#embed "../../presets/sports.yaml" suffix(,)
0 };
static const unsigned char asset_68[] = {
#embed "../../presets/styles.yaml" suffix(,)
0 };
static const unsigned char asset_69[] = {
#embed "../../presets/toys.yaml" suffix(,)
0 };

static const vitrine_asset table[] = {
    {"Sources/VitrineExport/Templates/compare.css", asset_0, sizeof asset_0 - 1},
    {"Sources/VitrineExport/Templates/compare.mustache", asset_1, sizeof asset_1 - 1},
    {"Sources/VitrineExport/Templates/gallery.css", asset_2, sizeof asset_2 - 1},
    {"Sources/VitrineExport/Templates/gallery.js", asset_3, sizeof asset_3 - 1},
    {"Sources/VitrineExport/Templates/gallery.mustache", asset_4, sizeof asset_4 - 1},
    {"Sources/VitrineFeeds/Profiles/amazon.yaml", asset_5, sizeof asset_5 - 1},
    {"Sources/VitrineFeeds/Profiles/bigcommerce-legacy.yaml", asset_6, sizeof asset_6 - 1},
    {"Sources/VitrineFeeds/Profiles/bigcommerce-v3.yaml", asset_7, sizeof asset_7 - 1},
    {"Sources/VitrineFeeds/Profiles/etsy.yaml", asset_8, sizeof asset_8 - 1},
    {"Sources/VitrineFeeds/Profiles/google-xml.yaml", asset_9, sizeof asset_9 - 1},
    {"Sources/VitrineFeeds/Profiles/google.yaml", asset_10, sizeof asset_10 - 1},
    {"Sources/VitrineFeeds/Profiles/magento.yaml", asset_11, sizeof asset_11 - 1},
    {"Sources/VitrineFeeds/Profiles/meta.yaml", asset_12, sizeof asset_12 - 1},
    {"Sources/VitrineFeeds/Profiles/prestashop.yaml", asset_13, sizeof asset_13 - 1},
    {"Sources/VitrineFeeds/Profiles/shopify.yaml", asset_14, sizeof asset_14 - 1},
    {"Sources/VitrineFeeds/Profiles/squarespace.yaml", asset_15, sizeof asset_15 - 1},
    {"Sources/VitrineFeeds/Profiles/wix.yaml", asset_16, sizeof asset_16 - 1},
    {"Sources/VitrineFeeds/Profiles/woocommerce.yaml", asset_17, sizeof asset_17 - 1},
    {"Sources/VitrineProviders/prices.yaml", asset_18, sizeof asset_18 - 1},
    {"Sources/VitrineServer/Templates/catalogue.mustache", asset_19, sizeof asset_19 - 1},
    {"Sources/VitrineServer/Templates/compare.mustache", asset_20, sizeof asset_20 - 1},
    {"Sources/VitrineServer/Templates/confirm.mustache", asset_21, sizeof asset_21 - 1},
    {"Sources/VitrineServer/Templates/draft-clip.mustache", asset_22, sizeof asset_22 - 1},
    {"Sources/VitrineServer/Templates/draft.mustache", asset_23, sizeof asset_23 - 1},
    {"Sources/VitrineServer/Templates/editor.mustache", asset_24, sizeof asset_24 - 1},
    {"Sources/VitrineServer/Templates/export.mustache", asset_25, sizeof asset_25 - 1},
    {"Sources/VitrineServer/Templates/frame.mustache", asset_26, sizeof asset_26 - 1},
    {"Sources/VitrineServer/Templates/import.mustache", asset_27, sizeof asset_27 - 1},
    {"Sources/VitrineServer/Templates/imports.mustache", asset_28, sizeof asset_28 - 1},
    {"Sources/VitrineServer/Templates/plan.mustache", asset_29, sizeof asset_29 - 1},
    {"Sources/VitrineServer/Templates/presets.mustache", asset_30, sizeof asset_30 - 1},
    {"Sources/VitrineServer/Templates/product.mustache", asset_31, sizeof asset_31 - 1},
    {"Sources/VitrineServer/Templates/review.mustache", asset_32, sizeof asset_32 - 1},
    {"Sources/VitrineServer/Templates/sign-in.mustache", asset_33, sizeof asset_33 - 1},
    {"Sources/VitrineServer/Templates/studio.css", asset_34, sizeof asset_34 - 1},
    {"Sources/VitrineServer/Templates/studio.js", asset_35, sizeof asset_35 - 1},
    {"Sources/VitrineServer/Templates/styles.mustache", asset_36, sizeof asset_36 - 1},
    {"Sources/VitrineServer/Templates/trouble.mustache", asset_37, sizeof asset_37 - 1},
    {"Sources/VitrineServer/Templates/versions.mustache", asset_38, sizeof asset_38 - 1},
    {"Sources/VitrineServer/Templates/work.mustache", asset_39, sizeof asset_39 - 1},
    {"Sources/VitrineServer/openapi.yaml", asset_40, sizeof asset_40 - 1},
    {"Sources/VitrineStorage/Migrations/m001_beginning.sql", asset_41, sizeof asset_41 - 1},
    {"Sources/VitrineStorage/Migrations/m002_service.sql", asset_42, sizeof asset_42 - 1},
    {"Sources/VitrineStorage/Migrations/m003_money.sql", asset_43, sizeof asset_43 - 1},
    {"Sources/VitrineStorage/Migrations/m004_webhooks.sql", asset_44, sizeof asset_44 - 1},
    {"Sources/VitrineStorage/Migrations/m005_studio.sql", asset_45, sizeof asset_45 - 1},
    {"Sources/VitrineStorage/Migrations/m006_choosing.sql", asset_46, sizeof asset_46 - 1},
    {"Sources/VitrineStorage/Migrations/m007_lists_and_paces.sql", asset_47, sizeof asset_47 - 1},
    {"Sources/VitrineStorage/Migrations/m008_answers.sql", asset_48, sizeof asset_48 - 1},
    {"presets/accessories.yaml", asset_49, sizeof asset_49 - 1},
    {"presets/apparel.yaml", asset_50, sizeof asset_50 - 1},
    {"presets/bags.yaml", asset_51, sizeof asset_51 - 1},
    {"presets/base.yaml", asset_52, sizeof asset_52 - 1},
    {"presets/beauty.yaml", asset_53, sizeof asset_53 - 1},
    {"presets/categories.yaml", asset_54, sizeof asset_54 - 1},
    {"presets/culture.yaml", asset_55, sizeof asset_55 - 1},
    {"presets/doors.yaml", asset_56, sizeof asset_56 - 1},
    {"presets/electronics.yaml", asset_57, sizeof asset_57 - 1},
    {"presets/fallback.yaml", asset_58, sizeof asset_58 - 1},
    {"presets/food.yaml", asset_59, sizeof asset_59 - 1},
    {"presets/footwear.yaml", asset_60, sizeof asset_60 - 1},
    {"presets/furniture.yaml", asset_61, sizeof asset_61 - 1},
    {"presets/garden.yaml", asset_62, sizeof asset_62 - 1},
    {"presets/home.yaml", asset_63, sizeof asset_63 - 1},
    {"presets/jewelry.yaml", asset_64, sizeof asset_64 - 1},
    {"presets/kitchen.yaml", asset_65, sizeof asset_65 - 1},
    {"presets/living.yaml", asset_66, sizeof asset_66 - 1},
    {"presets/sports.yaml", asset_67, sizeof asset_67 - 1},
    {"presets/styles.yaml", asset_68, sizeof asset_68 - 1},
    {"presets/toys.yaml", asset_69, sizeof asset_69 - 1},
    {0, 0, 0},
};

const vitrine_asset *vitrine_asset_at(long index) {
    long count = (long)(sizeof table / sizeof *table) - 1;
    return index >= 0 && index < count ? &table[index] : 0;
}
