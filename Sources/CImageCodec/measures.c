#include "products.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_PIECES = 2048, BINS = 64, STRONG = 40 };

static int light_of(const uint8_t *p) { return (p[0] * 77 + p[1] * 150 + p[2] * 29) >> 8; }

/* Adds one edge to the histogram: `at` is its middle, `step` leads along it. */
static void add_edge(const uint8_t *light, size_t at, ptrdiff_t step, uint32_t *bins, uint32_t *count) {
    int whole = abs(light[(ptrdiff_t)at + 4 * step] - light[(ptrdiff_t)at - 4 * step]);
    if (whole < STRONG) return;
    int steepest = 0;
    for (ptrdiff_t k = -3; k <= 3; k++) {
        int rise = abs(light[(ptrdiff_t)at + (k + 1) * step] - light[(ptrdiff_t)at + (k - 1) * step]);
        if (rise > steepest) steepest = rise;
    }
    int bin = steepest * (BINS - 1) / whole;
    bins[bin < BINS ? bin : BINS - 1]++;
    (*count)++;
}

static float sharpness_of(const uint8_t *light, uint32_t width, uint32_t height) {
    uint32_t bins[BINS] = {0}, count = 0;
    for (uint32_t y = 4; y + 4 < height; y++)
        for (uint32_t x = 4; x + 4 < width; x++) {
            add_edge(light, (size_t)y * width + x, 1, bins, &count);
            add_edge(light, (size_t)y * width + x, (ptrdiff_t)width, bins, &count);
        }
    if (count < 400) return 1;
    uint32_t left = count / 10;
    for (int bin = BINS - 1; bin >= 0; bin--) {
        if (bins[bin] > left) return (float)bin / (BINS - 1);
        left -= bins[bin];
    }
    return 1;
}

static int by_count(const void *one, const void *other) {
    uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)other;
    return a > b ? -1 : a < b;
}

static ic_status measure_colours(const uint8_t *pixels, size_t count, ic_measures *measures) {
    uint32_t *bins = calloc(4096, sizeof *bins);
    if (!bins) return IC_NO_MEMORY;
    size_t vivid = 0;
    for (size_t i = 0; i < count; i++, pixels += 4) {
        bins[(pixels[0] >> 4) << 8 | (pixels[1] >> 4) << 4 | pixels[2] >> 4]++;
        int most = pixels[0] > pixels[1] ? pixels[0] : pixels[1], least = pixels[0] < pixels[1] ? pixels[0] : pixels[1];
        if (pixels[2] > most) most = pixels[2];
        if (pixels[2] < least) least = pixels[2];
        vivid += most - least > 30;
    }
    qsort(bins, 4096, sizeof *bins, by_count);
    measures->two_colours = (float)(bins[0] + bins[1]) / (float)count;
    measures->vivid = (float)vivid / (float)count;
    while (measures->colours < 4096 && (uint64_t)bins[measures->colours] * 1000 > count) measures->colours++;
    free(bins);
    return IC_OK;
}

typedef struct piece {
    uint32_t left;
    uint32_t top;
    uint32_t right;
    uint32_t bottom;
    uint32_t count;
} piece;

/* Where something stands before the ground, at the picture's own pixels: letters are fine. */
typedef struct field {
    uint32_t width;
    uint32_t height;
    uint8_t *mark;
    uint32_t *list;
} field;

static uint8_t encoded(float light) {
    float v = light <= 0.0031308f ? light * 12.92f : 1.055f * powf(light, 1 / 2.4f) - 0.055f;
    return (uint8_t)lrintf(fminf(fmaxf(v * 255, 0), 255));
}

static void from_oklab(lab colour, uint8_t rgb[3]) {
    float l = (colour.l + 0.3963377774f * colour.a + 0.2158037573f * colour.b) / 100;
    float m = (colour.l - 0.1055613458f * colour.a - 0.0638541728f * colour.b) / 100;
    float s = (colour.l - 0.0894841775f * colour.a - 1.2914855480f * colour.b) / 100;
    l = l * l * l;
    m = m * m * m;
    s = s * s * s;
    rgb[0] = encoded(4.0767416621f * l - 3.3077115913f * m + 0.2309699292f * s);
    rgb[1] = encoded(-1.2684380046f * l + 2.6097574011f * m - 0.3413193965f * s);
    rgb[2] = encoded(-0.0041960863f * l - 0.7034186147f * m + 1.7076147010f * s);
}

/* Gives back how many pixels were marked. */
static size_t mark_objects(const ic_map *map, const uint8_t *pixels, field *field) {
    size_t marked = 0;
    for (uint32_t y = 0; y < field->height; y++) {
        uint32_t row = (uint32_t)((uint64_t)y * map->height / field->height) * map->width;
        uint32_t last = UINT32_MAX;
        uint8_t ground[3] = {0, 0, 0};
        for (uint32_t x = 0; x < field->width; x++) {
            size_t at = (size_t)y * field->width + x;
            uint32_t cell = row + (uint32_t)((uint64_t)x * map->width / field->width);
            /* The foretold ground changes slowly: every eighth cell will do. */
            if (cell >> 3 != last) {
                from_oklab(map->ground[cell], ground);
                last = cell >> 3;
            }
            int off = 0;
            for (int c = 0; c < 3; c++) {
                int way = abs(pixels[at * 4 + c] - ground[c]);
                if (way > off) off = way;
            }
            field->mark[at] = off > 44;
            marked += field->mark[at];
        }
    }
    return marked;
}

/* The pieces that stand on the ground, in the order in which they are met. */
static uint32_t find_pieces(field *map, piece *pieces) {
    uint32_t width = map->width, height = map->height, found = 0;
    size_t cells = (size_t)width * height;
    for (size_t start = 0; start < cells && found < MOST_PIECES; start++) {
        if (map->mark[start] != 1) continue;
        piece piece = {width, height, 0, 0, 0};
        size_t filled = 1;
        map->list[0] = (uint32_t)start;
        map->mark[start] = 2;
        for (size_t next = 0; next < filled; next++) {
            uint32_t at = map->list[next], x = at % width, y = at / width;
            if (x < piece.left) piece.left = x;
            if (y < piece.top) piece.top = y;
            if (x + 1 > piece.right) piece.right = x + 1;
            if (y + 1 > piece.bottom) piece.bottom = y + 1;
            uint32_t beside[4] = {
                x ? at - 1 : at, x + 1 < width ? at + 1 : at, y ? at - width : at, y + 1 < height ? at + width : at};
            for (int k = 0; k < 4; k++)
                if (map->mark[beside[k]] == 1) {
                    map->mark[beside[k]] = 2;
                    map->list[filled++] = beside[k];
                }
        }
        piece.count = (uint32_t)filled;
        pieces[found++] = piece;
    }
    return found;
}

static int may_be_letter(const piece *piece, const field *map) {
    uint32_t width = piece->right - piece->left, height = piece->bottom - piece->top;
    return height >= 5 && height <= map->height / 8 && width <= height * 2 && piece->count * 6 >= width * height &&
        piece->count >= 8 && piece->left > 1 && piece->top > 1 && piece->right + 1 < map->width &&
        piece->bottom + 1 < map->height;
}

static int by_left(const void *one, const void *other) {
    uint32_t a = ((const piece *)one)->left, b = ((const piece *)other)->left;
    return a < b ? -1 : a > b;
}

/* The longest line of letters: of like height, at one level, close behind each other. */
static uint32_t longest_line(piece *letters, uint32_t count) {
    uint32_t longest = 0;
    qsort(letters, count, sizeof *letters, by_left);
    for (uint32_t i = 0; i < count; i++) {
        const piece *last = &letters[i];
        float height = (float)(last->bottom - last->top), level = (float)(last->bottom + last->top) / 2;
        uint32_t line = 1;
        for (uint32_t k = i + 1; k < count; k++) {
            const piece *next = &letters[k];
            float own = (float)(next->bottom - next->top), at = (float)(next->bottom + next->top) / 2;
            if ((float)next->left > (float)last->right + height * 1.6f) break;
            if (next->left < last->right || fabsf(at - level) > height * 0.4f) continue;
            if (own < height * 0.55f || own > height * 1.8f) continue;
            last = next;
            line++;
        }
        if (line > longest) longest = line;
    }
    return longest;
}

static ic_status measure_pieces(const uint8_t *pixels, uint32_t width, uint32_t height, ic_measures *measures) {
    ic_map map;
    ic_status status = ic_map_open(&map, pixels, width, height);
    if (status != IC_OK) return status;
    size_t count = (size_t)width * height;
    field field = {width, height, malloc(count), malloc(count * sizeof(uint32_t))};
    piece *pieces = malloc(MOST_PIECES * sizeof *pieces);
    if (pieces && field.mark && field.list) {
        ic_map_foretell(&map);
        size_t marked = mark_objects(&map, pixels, &field);
        uint32_t found = marked * 2 < count ? find_pieces(&field, pieces) : 0, letters = 0;
        for (uint32_t i = 0; i < found; i++)
            if (may_be_letter(&pieces[i], &field)) pieces[letters++] = pieces[i];
        measures->letters = longest_line(pieces, letters);
        status = ic_count_products(&map, &measures->products);
    } else {
        status = IC_NO_MEMORY;
    }
    free(pieces);
    free(field.mark);
    free(field.list);
    ic_map_close(&map);
    return status;
}

ic_status ic_measure(const uint8_t *pixels, uint32_t width, uint32_t height, ic_measures *measures) {
    memset(measures, 0, sizeof *measures);
    size_t count = (size_t)width * height;
    uint8_t *light = malloc(count);
    if (!light) return IC_NO_MEMORY;
    for (size_t i = 0; i < count; i++) light[i] = (uint8_t)light_of(pixels + i * 4);
    measures->sharpness = sharpness_of(light, width, height);
    free(light);
    ic_status status = measure_colours(pixels, count, measures);
    return status == IC_OK ? measure_pieces(pixels, width, height, measures) : status;
}
