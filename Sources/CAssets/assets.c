/* Written by scripts/list-assets; do not edit. */
#include "assets.h"

static const unsigned char asset_0[] = {
#embed "../../presets/categories.yaml" suffix(,)
0 };

static const vitrine_asset table[] = {
    {"presets/categories.yaml", asset_0, sizeof asset_0 - 1},
    {0, 0, 0},
};

const vitrine_asset *vitrine_asset_at(long index) {
    long count = (long)(sizeof table / sizeof *table) - 1;
    return index >= 0 && index < count ? &table[index] : 0;
}
