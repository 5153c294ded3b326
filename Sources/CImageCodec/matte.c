#include "cutout.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What the matte needs of the map, spread to where it is needed: the ground's colour, the product's, and how far within. */
typedef struct inks {
    float *ground;
    float *product;
    float *within;    /* 0 far outside to 1 far inside, soft between */
    uint8_t *is_rim;  /* where a pixel may belong to both */
} inks;

static void close_inks(inks *inks) {
    free(inks->ground);
    free(inks->product);
    free(inks->within);
    free(inks->is_rim);
}

/* Marks each cell within whose reach a cell of the other side lies. */
static void mark_near_other(const ic_map *map, uint32_t reach, uint8_t *near, uint8_t *room) {
    const size_t count = (size_t)map->width * map->height;
    for (size_t at = 0; at < count; at++) near[at] = map->is_product[at] ? 1 : 2;
    ic_map_widen(near, room, map->width, map->height, reach);
    for (size_t at = 0; at < count; at++) near[at] = near[at] == 3;
}

/* Room for marks of cells. */
typedef struct marks {
    uint8_t *known;
    uint8_t *near;
    uint8_t *nearer;
    uint8_t *room;
} marks;

static float share_of(const float pixel[3], const float ground[3], const float product[3], float within);

/* The colours of ground and product, each spread over the other from cells that are surely one or the other. */
static ic_status spread_inks(inks *inks, const ic_map *map, const marks *marks, uint32_t reach) {
    size_t count = (size_t)map->width * map->height, bytes = count * 3 * sizeof(float);
    ic_status status = IC_OK;
    mark_near_other(map, reach, marks->near, marks->room);
    for (int is_product = 0; is_product < 2 && status == IC_OK; is_product++) {
        float *values = is_product ? inks->product : inks->ground;
        size_t found = 0;
        memcpy(values, map->rgb, bytes);
        for (size_t at = 0; at < count; at++) {
            marks->known[at] = map->is_product[at] == is_product && !marks->near[at];
            found += marks->known[at];
        }
        if (found) status = ic_map_fill(values, marks->known, map->width, map->height);
    }
    return status;
}

/* The flood stops before an edge, not at it: the outermost cells go where their colour belongs, or go at all. */
static void settle_rim(ic_map *map, const inks *inks, const marks *marks) {
    mark_near_other(map, 2, marks->near, marks->room);
    mark_near_other(map, 1, marks->nearer, marks->room);
    for (size_t at = 0; at < (size_t)map->width * map->height; at++) {
        if (!map->is_product[at] || !marks->near[at]) continue;
        float within = marks->nearer[at] ? 0.3f : 0.6f;
        if (share_of(map->rgb + at * 3, inks->ground + at * 3, inks->product + at * 3, within) < 0.5f) map->is_product[at] = 0;
    }
}

static ic_status open_inks(inks *inks, ic_map *map) {
    size_t count = (size_t)map->width * map->height;
    memset(inks, 0, sizeof *inks);
    inks->ground = malloc(count * 3 * sizeof(float));
    inks->product = malloc(count * 3 * sizeof(float));
    inks->within = malloc(count * sizeof(float));
    inks->is_rim = malloc(count);
    uint8_t *room = malloc(count * 4);
    ic_status status = inks->ground && inks->product && inks->within && inks->is_rim && room ? IC_OK : IC_NO_MEMORY;
    marks marks = {room, room + count, room + count * 2, room + count * 3};
    if (status == IC_OK) status = spread_inks(inks, map, &marks, 3);
    if (status == IC_OK) {
        settle_rim(map, inks, &marks);
        status = spread_inks(inks, map, &marks, 1);
    }
    if (status == IC_OK) mark_near_other(map, 2, inks->is_rim, marks.room);
    for (uint32_t y = 0; status == IC_OK && y < map->height; y++)
        for (uint32_t x = 0; x < map->width; x++) {
            size_t at = (size_t)y * map->width + x;
            inks->within[at] = map->is_product[at];
            if (!inks->is_rim[at]) continue;
            float sum = 0, weight = 0;
            for (int32_t v = -1; v <= 1; v++)
                for (int32_t u = -1; u <= 1; u++) {
                    int64_t sx = (int64_t)x + u, sy = (int64_t)y + v;
                    if (sx < 0 || sy < 0 || sx >= map->width || sy >= map->height) continue;
                    float w = (float)((2 - abs(u)) * (2 - abs(v)));
                    sum += w * map->is_product[(size_t)sy * map->width + (size_t)sx];
                    weight += w;
                }
            inks->within[at] = sum / weight;
        }
    free(room);
    return status;
}

typedef struct place {
    uint32_t low;
    uint32_t high;
    uint32_t nearest;
    float share;
} place;

static place place_of(uint32_t pixel, uint32_t pixels, uint32_t cells) {
    float at = ((float)pixel + 0.5f) * (float)cells / (float)pixels - 0.5f;
    if (at < 0) at = 0;
    if (at > (float)(cells - 1)) at = (float)(cells - 1);
    uint32_t low = (uint32_t)at, high = low + 1 < cells ? low + 1 : low;
    float share = at - (float)low;
    return (place){low, high, share >= 0.5f ? high : low, share};
}

static float mixed(const float *values, size_t step, const size_t corners[4], int channel, float across, float down) {
    float above = values[corners[0] * step + channel] * (1 - across) + values[corners[1] * step + channel] * across;
    float below = values[corners[2] * step + channel] * (1 - across) + values[corners[3] * step + channel] * across;
    return above * (1 - down) + below * down;
}

/* How much of a pixel is product: where between the two colours it lies, and where they are alike, how far within it is. */
static float share_of(const float pixel[3], const float ground[3], const float product[3], float within) {
    float along = 0, length = 0;
    for (int c = 0; c < 3; c++) {
        float way = product[c] - ground[c];
        along += (pixel[c] - ground[c]) * way;
        length += way * way;
    }
    float geometric = (within - 0.3f) / 0.4f;
    geometric = fminf(fmaxf(geometric, 0), 1);
    float by_colour = length > 1 ? along / length : geometric;
    by_colour = fminf(fmaxf((by_colour - 0.1f) / 0.75f, 0), 1);
    float trust = length / (length + 900);
    float share = by_colour * trust + geometric * (1 - trust);
    /* Deep inside and far outside the map is right, whatever the colour. */
    if (within > 0.75f) share = fmaxf(share, (within - 0.75f) * 4);
    if (within < 0.25f) share = fminf(share, within * 4);
    return share;
}

static ic_status draw_matte(const ic_map *map, const inks *inks, const uint8_t *pixels, uint32_t width, uint32_t height, uint8_t *matte) {
    place *across = malloc((size_t)width * sizeof *across);
    if (!across) return IC_NO_MEMORY;
    for (uint32_t x = 0; x < width; x++) across[x] = place_of(x, width, map->width);
    for (uint32_t y = 0; y < height; y++) {
        place down = place_of(y, height, map->height);
        const size_t level = (size_t)down.nearest * map->width;
        const uint8_t *is_rim = inks->is_rim + level, *is_product = map->is_product + level;
        for (uint32_t x = 0; x < width; x++) {
            place beside = across[x];
            size_t at = (size_t)y * width + x;
            if (!is_rim[beside.nearest]) {
                matte[at] = is_product[beside.nearest] ? 255 : 0;
                continue;
            }
            size_t corners[4] = {
                (size_t)down.low * map->width + beside.low, (size_t)down.low * map->width + beside.high,
                (size_t)down.high * map->width + beside.low, (size_t)down.high * map->width + beside.high};
            float ground[3], product[3];
            for (int c = 0; c < 3; c++) {
                ground[c] = mixed(inks->ground, 3, corners, c, beside.share, down.share);
                product[c] = mixed(inks->product, 3, corners, c, beside.share, down.share);
            }
            float within = mixed(inks->within, 1, corners, 0, beside.share, down.share);
            float pixel[3] = {pixels[at * 4], pixels[at * 4 + 1], pixels[at * 4 + 2]};
            matte[at] = (uint8_t)lrintf(share_of(pixel, ground, product, within) * 255);
        }
    }
    free(across);
    return IC_OK;
}

/* What a person sees of the matte: its box, its middle by mass, how much of the picture it takes. */
static void measure(const uint8_t *matte, uint32_t width, uint32_t height, ic_cutout *found) {
    uint64_t sum = 0;
    double across = 0, down = 0;
    uint32_t left = width, right = 0, top = height, bottom = 0;
    for (uint32_t y = 0; y < height; y++) {
        const uint8_t *row = matte + (size_t)y * width;
        uint64_t line = 0, moment = 0;
        for (uint32_t from = 0; from < width; from += 1024) {
            uint32_t run = width - from < 1024 ? width - from : 1024, sums = 0, moments = 0;
            for (uint32_t x = 0; x < run; x++) {
                sums += row[from + x];
                moments += row[from + x] * x;
            }
            line += sums;
            moment += moments + (uint64_t)sums * from;
        }
        uint32_t first = 0, last = width;
        while (first < width && row[first] < 64) first++;
        while (last > first && row[last - 1] < 64) last--;
        if (first < last) {
            if (first < left) left = first;
            if (last > right) right = last;
            if (y < top) top = y;
            bottom = y + 1;
        }
        sum += line;
        across += (double)moment;
        down += (double)line * y;
    }
    if (!sum || right <= left) {
        found->certainty = 0;
        return;
    }
    found->left = (float)left / (float)width;
    found->right = (float)right / (float)width;
    found->top = (float)top / (float)height;
    found->bottom = (float)bottom / (float)height;
    found->centre_x = (float)((across / (double)sum + 0.5) / width);
    found->centre_y = (float)((down / (double)sum + 0.5) / height);
    found->cover = (float)((double)sum / 255 / ((double)width * height));
}

ic_status ic_cut_out(const uint8_t *pixels, uint32_t width, uint32_t height, uint8_t *matte, ic_cutout *found) {
    memset(found, 0, sizeof *found);
    ic_map map;
    ic_status status = ic_map_open(&map, pixels, width, height);
    if (status != IC_OK) return status;
    inks inks = {0};
    status = ic_map_find(&map, &found->certainty);
    if (status == IC_OK && found->certainty < IC_SURE) {
        memset(matte, 0, (size_t)width * height);
        ic_map_close(&map);
        return IC_OK;
    }
    if (status == IC_OK) status = open_inks(&inks, &map);
    if (status == IC_OK) status = draw_matte(&map, &inks, pixels, width, height, matte);
    if (status == IC_OK) {
        found->contrast = map.contrast;
        measure(matte, width, height, found);
    }
    close_inks(&inks);
    ic_map_close(&map);
    return status;
}

void ic_take_alpha(const uint8_t *pixels, size_t count, uint8_t *matte) {
    for (size_t i = 0; i < count; i++) matte[i] = pixels[i * 4 + 3];
}

double ic_clear_share(const uint8_t *pixels, size_t count) {
    size_t clear = 0;
    for (size_t i = 0; i < count; i++) clear += pixels[i * 4 + 3] < 128;
    return count ? (double)clear / (double)count : 0;
}

void ic_measure_matte(const uint8_t *matte, uint32_t width, uint32_t height, ic_cutout *found) {
    memset(found, 0, sizeof *found);
    found->certainty = 1;
    measure(matte, width, height, found);
}

ic_status ic_ground(
    const uint8_t *pixels, const uint8_t *matte, uint32_t width, uint32_t height, uint16_t *ground, uint32_t ground_width,
    uint32_t ground_height) {
    size_t count = (size_t)ground_width * ground_height;
    float *values = calloc(count * 3, sizeof *values);
    uint8_t *known = malloc(count);
    uint32_t *weights = calloc(count, sizeof *weights);
    ic_status status = values && known && weights ? IC_OK : IC_NO_MEMORY;
    if (status == IC_OK) {
        for (uint32_t y = 0; y < height; y++) {
            size_t row = (size_t)((uint64_t)y * ground_height / height) * ground_width;
            for (uint32_t x = 0; x < width; x++) {
                size_t from = (size_t)y * width + x, to = row + (size_t)((uint64_t)x * ground_width / width);
                if (matte[from]) {
                    weights[to] |= 0x80000000u;
                    continue;
                }
                for (int c = 0; c < 3; c++) values[to * 3 + c] += pixels[from * 4 + c];
                weights[to]++;
            }
        }
        for (size_t at = 0; at < count; at++) {
            uint32_t weight = weights[at] & 0x7FFFFFFFu;
            known[at] = weight > 0 && !(weights[at] >> 31);
            for (int c = 0; c < 3; c++) values[at * 3 + c] = weight ? values[at * 3 + c] / (float)weight : 0;
        }
        status = ic_map_fill(values, known, ground_width, ground_height);
        for (size_t at = 0; at < count && status == IC_OK; at++) {
            for (int c = 0; c < 3; c++)
                ground[at * 4 + c] = (uint16_t)lrintf(fminf(fmaxf(values[at * 3 + c] * 256, 0), 65280));
            ground[at * 4 + 3] = 65280;
        }
    }
    free(values);
    free(known);
    free(weights);
    return status;
}

void ic_lift(const uint8_t *pixels, const uint8_t *ground, const uint8_t *matte, size_t count, uint8_t *out) {
    for (size_t i = 0; i < count; i++) {
        int32_t share = matte[i];
        for (int c = 0; c < 3; c++) {
            int32_t value = (pixels[i * 4 + c] * 255 - ground[i * 4 + c] * (255 - share) + 127) / 255;
            out[i * 4 + c] = (uint8_t)(value < 0 ? 0 : value > share ? share : value);
        }
        out[i * 4 + 3] = (uint8_t)share;
    }
}
