/* The loops over letters, words and hashes that deduplication spends its time in: what in_numpy.py does, the
   same numbers. Arrays come and go as bytes: words, hashes and lengths are little-endian. */

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030b0000
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if PY_BIG_ENDIAN
#error "texts are compared by numpy where numbers are not little-endian"
#endif

enum { OF_WORD = 1, ALONE = 2, NUMBER = 4, CAPITAL = 8, BREAK = 16, NOTHING = 32, VOWEL = 64, BREATH = 128 };
enum { UNKNOWN = 255, PLACES = 1 << 14, SIDE = 2 };

static const uint64_t MARKED = 1, SPACED = 2;
static const uint64_t BASE = 0x9E3779B97F4A7C15, INVERSE = 0xF1DE83E19937733D;
static const uint64_t MIX = 0xBF58476D1CE4E5B9, SLOT = 0x5555555555555554;
static const uint64_t ODD[] = {0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93,
                               0xFF51AFD7ED558CCD};

static uint64_t mixed(uint64_t hash) {
    hash = (hash ^ (hash >> 31)) * MIX;
    return hash ^ (hash >> 29);
}

/* An array that an argument holds. */
typedef struct {
    Py_buffer buffer;
    Py_ssize_t count;
} Array;

static int open_array(Array *array, PyObject *object, Py_ssize_t size) {
    if (PyObject_GetBuffer(object, &array->buffer, PyBUF_SIMPLE) < 0) return -1;
    array->count = array->buffer.len / size;
    return 0;
}

static int open_arrays(Array *arrays, PyObject *const *objects, const Py_ssize_t *sizes, int count) {
    for (int at = 0; at < count; at++)
        if (open_array(&arrays[at], objects[at], sizes[at]) < 0) {
            while (at--) PyBuffer_Release(&arrays[at].buffer);
            return -1;
        }
    return 0;
}

static void close_arrays(Array *arrays, int count) {
    for (int at = 0; at < count; at++) PyBuffer_Release(&arrays[at].buffer);
}

static Py_ssize_t least(Py_ssize_t one, Py_ssize_t other) { return one < other ? one : other; }

static void *room(size_t count, size_t size) {
    void *memory = malloc((count ? count : 1) * size);
    if (!memory) PyErr_NoMemory();
    return memory;
}

static PyObject *as_bytes(const void *data, Py_ssize_t count, size_t size) {
    return PyBytes_FromStringAndSize(data, count * (Py_ssize_t)size);
}

static int is_expected(Py_ssize_t given, Py_ssize_t expected) {
    if (given != expected) PyErr_Format(PyExc_TypeError, "%zd arguments are needed", expected);
    return given == expected;
}

/* ---- words ---- */

typedef struct {
    uint32_t letter;
    uint8_t kind;
} Letter;

/* Drop what only one of two spellings has; return how many letters are left. */
static Py_ssize_t heard(Letter *letters, Py_ssize_t count) {
    Py_ssize_t kept = 0;
    Letter before = {0, 0};
    for (Py_ssize_t begin = 0; begin < count;) {
        Py_ssize_t end = begin;
        while (end < count && letters[end].kind & OF_WORD) end++;
        int is_long = end - begin >= 4;
        if (end == begin) end++;
        for (Py_ssize_t at = begin; at < end; at++) {
            Letter here = letters[at];
            /* without branches, which a processor would guess wrong at every other letter */
            int is_later = at > begin, is_vowel = (here.kind & VOWEL) != 0, is_breath = (here.kind & BREATH) != 0;
            is_breath &= (at == end - 1) | (before.letter == 'p') | (before.letter == 't') | (before.letter == 'k') |
                         (before.letter == 's');
            int is_unheard = (is_long & (is_vowel | is_breath)) | ((here.letter == 's') & (before.letter == 'k'));
            here.letter = is_long & is_vowel & !is_later ? 'a' : here.letter;
            before = here;
            letters[kept] = here;
            kept += !(is_later & is_unheard);
        }
        begin = end;
    }
    return kept;
}

static uint64_t raised(uint64_t base, uint64_t exponent) {
    uint64_t power = 1;
    for (; exponent; exponent >>= 1, base *= base)
        if (exponent & 1) power *= base;
    return power;
}

/* Write the hash of each word and the words of each line that has some; return how many words there are. */
static Py_ssize_t hashed(const Letter *letters, Py_ssize_t count, uint64_t *words, uint32_t *lengths,
                         Py_ssize_t *lines) {
    Py_ssize_t found = 0, of_line = 0, first = 0;
    uint64_t sum = 0, power = 1, marks = 0;
    int is_open = 0, before = 0;
    *lines = 0;
    for (Py_ssize_t at = 0; at <= count; at++) {
        int kind = at < count ? letters[at].kind : BREAK;
        int is_first = kind & OF_WORD && (!(before & OF_WORD) || (kind | before) & ALONE);
        if (is_open && (is_first || !(kind & OF_WORD))) {
            sum = (sum ^ (sum >> 32)) * MIX;
            words[found++] = ((sum ^ (sum >> 29)) & ~(MARKED | SPACED)) | marks;
            is_open = 0;
        }
        if (is_first) {
            is_open = 1;
            first = at;
            sum = 0;
            power = 1;
            marks = (kind & CAPITAL ? MARKED : 0) | (kind & ALONE ? 0 : SPACED);
        }
        if (is_open) {
            if (at > first && at % PLACES == 0) power = raised(INVERSE, (uint64_t)first % PLACES);
            sum += power * letters[at].letter;
            power *= BASE;
            if (kind & NUMBER) marks |= MARKED;
        }
        if (kind == BREAK) {
            if (found > of_line) lengths[(*lines)++] = (uint32_t)(found - of_line);
            of_line = found;
        }
        before = kind;
    }
    return found;
}

/* words(text, kinds, letters) -> (words, words of each paragraph), or None where a character is not known yet */
static PyObject *words(PyObject *module, PyObject *const *given, Py_ssize_t count) {
    (void)module;
    if (!is_expected(count, 3)) return NULL;
    Array arrays[2];
    static const Py_ssize_t sizes[] = {1, 8};
    if (open_arrays(arrays, given + 1, sizes, 2) < 0) return NULL;
    const uint8_t *kinds = arrays[0].buffer.buf;
    const uint64_t *meanings = arrays[1].buffer.buf;
    Py_ssize_t last = least(arrays[0].count, arrays[1].count) - 1, size = PyUnicode_GetLength(given[0]), kept = 0, lines = 0, found = 0;
    if (last < 0 && size >= 0) PyErr_SetString(PyExc_ValueError, "an alphabet has letters");
    Py_UCS4 *codes = size < 0 || last < 0 ? NULL : PyUnicode_AsUCS4Copy(given[0]);
    Letter *letters = codes ? room((size_t)size, sizeof *letters) : NULL;
    uint64_t *hashes = letters ? room((size_t)size, sizeof *hashes) : NULL;
    uint32_t *lengths = hashes ? room((size_t)size, sizeof *lengths) : NULL;
    PyObject *result = NULL;
    if (lengths) {
        Letter before = {0, 0};
        Py_ssize_t at = 0;
        for (; at < size; at++) {
            Py_ssize_t code = least(codes[at], last);
            Letter here = {(uint32_t)meanings[code], kinds[code]};
            if (here.kind == UNKNOWN) break;
            if (here.kind == NOTHING) continue;
            int is_second = ((here.letter == before.letter) & (here.letter >= 'a') & (here.letter <= 'z')) |
                            ((here.letter == 'e') & ((before.kind & VOWEL) != 0));
            letters[kept] = here;
            kept += !is_second;
            before = here;
        }
        if (at < size) {
            result = Py_NewRef(Py_None);
        } else {
            found = hashed(letters, heard(letters, kept), hashes, lengths, &lines);
            result = Py_BuildValue("(y#y#)", (char *)hashes, found * (Py_ssize_t)sizeof *hashes, (char *)lengths,
                                   lines * (Py_ssize_t)sizeof *lengths);
        }
    }
    free(lengths);
    free(hashes);
    free(letters);
    PyMem_Free(codes);
    close_arrays(arrays, 2);
    return result;
}

/* paragraph_keys(words, words of each paragraph, bits) -> a hash of each paragraph */
static PyObject *paragraph_keys(PyObject *module, PyObject *const *given, Py_ssize_t count) {
    (void)module;
    if (!is_expected(count, 3)) return NULL;
    long bits = PyLong_AsLong(given[2]);
    if (bits == -1 && PyErr_Occurred()) return NULL;
    if (bits < 1 || bits > 64) return PyErr_Format(PyExc_ValueError, "a key has 1 to 64 bits");
    Array arrays[2];
    static const Py_ssize_t sizes[] = {8, 4};
    if (open_arrays(arrays, given, sizes, 2) < 0) return NULL;
    const uint64_t *hashes = arrays[0].buffer.buf;
    const uint32_t *lengths = arrays[1].buffer.buf;
    Py_ssize_t left = arrays[0].count;
    PyObject *keys = PyList_New(arrays[1].count);
    for (Py_ssize_t at = 0; keys && at < arrays[1].count; at++) {
        uint64_t sum = 0;
        for (uint64_t place = 0; place < lengths[at] && left > 0; place++, left--)
            sum += mixed((*hashes++ & ~MARKED) + place * ODD[0]);
        PyObject *key = PyLong_FromUnsignedLongLong(mixed(sum) >> (64 - bits));
        if (!key || PyList_SetItem(keys, at, key) < 0) Py_CLEAR(keys);
    }
    close_arrays(arrays, 2);
    return keys;
}

/* ---- hashes ---- */

/* Write the hash of each run of so many words; return how many there are. A shorter text is one run. */
static Py_ssize_t write_runs(const uint64_t *hashes, Py_ssize_t count, Py_ssize_t size, uint64_t *runs) {
    if (size > count) size = count;
    if (size < 1) return 0;
    for (Py_ssize_t at = 0; at + size <= count; at++) {
        uint64_t sum = 0;
        for (Py_ssize_t place = 0; place < size; place++) sum += (hashes[at + place] & ~MARKED) * ODD[place];
        runs[at] = mixed(sum);
    }
    return count - size + 1;
}

/* Sort hashes, each with its value where there are values, by digits of eight bits: equal ones keep their order. */
static void sort(uint64_t *hashes, uint64_t *values, uint64_t *other, uint64_t *other_values, Py_ssize_t count) {
    for (int shift = 0; shift < 64; shift += 8) { /* an even number of turns: the result is where it was */
        Py_ssize_t places[257] = {0};
        for (Py_ssize_t at = 0; at < count; at++) places[(hashes[at] >> shift & 255) + 1]++;
        for (int digit = 0; digit < 256; digit++) places[digit + 1] += places[digit];
        for (Py_ssize_t at = 0; at < count; at++) {
            Py_ssize_t place = places[hashes[at] >> shift & 255]++;
            other[place] = hashes[at];
            if (values) other_values[place] = values[at];
        }
        uint64_t *turned = hashes;
        hashes = other;
        other = turned;
        turned = values;
        values = other_values;
        other_values = turned;
    }
}

static PyObject *runs_of(PyObject *const *given, Py_ssize_t count, int are_distinct) {
    if (!is_expected(count, 2)) return NULL;
    Py_ssize_t size = PyLong_AsSsize_t(given[1]);
    if (size == -1 && PyErr_Occurred()) return NULL;
    if (size > (Py_ssize_t)(sizeof ODD / sizeof *ODD)) return PyErr_Format(PyExc_ValueError, "five words at most");
    Array array;
    if (open_array(&array, given[0], 8) < 0) return NULL;
    uint64_t *runs = room(2 * (size_t)array.count, sizeof *runs);
    PyObject *result = NULL;
    if (runs) {
        Py_ssize_t found = write_runs(array.buffer.buf, array.count, size, runs), kept = 0;
        if (are_distinct) {
            sort(runs, NULL, runs + array.count, NULL, found);
            for (Py_ssize_t at = 0; at < found; at++)
                if (!at || runs[at] != runs[at - 1]) runs[kept++] = runs[at];
            found = kept;
        }
        result = as_bytes(runs, found, sizeof *runs);
    }
    free(runs);
    PyBuffer_Release(&array.buffer);
    return result;
}

/* runs(words, size) -> a hash of each run of so many words */
static PyObject *runs(PyObject *module, PyObject *const *given, Py_ssize_t count) {
    (void)module;
    return runs_of(given, count, 0);
}

/* distinct_runs(words, size) -> the distinct ones, ascending */
static PyObject *distinct_runs(PyObject *module, PyObject *const *given, Py_ssize_t count) {
    (void)module;
    return runs_of(given, count, 1);
}

/* shared(one, other) -> how many hashes two ascending arrays of distinct ones have in common */
static PyObject *shared(PyObject *module, PyObject *const *given, Py_ssize_t count) {
    (void)module;
    if (!is_expected(count, 2)) return NULL;
    Array arrays[2];
    static const Py_ssize_t sizes[] = {8, 8};
    if (open_arrays(arrays, given, sizes, 2) < 0) return NULL;
    const uint64_t *one = arrays[0].buffer.buf, *other = arrays[1].buffer.buf;
    const uint64_t *end = one + arrays[0].count, *other_end = other + arrays[1].count;
    Py_ssize_t found = 0;
    while (one < end && other < other_end) {
        uint64_t here = *one, there = *other;
        found += here == there;
        one += here <= there;
        other += there <= here;
    }
    close_arrays(arrays, 2);
    return PyLong_FromSsize_t(found);
}

/* is_in(hashes, ascending) -> for each hash a byte, 1 where the ascending array holds it */
static PyObject *is_in(PyObject *module, PyObject *const *given, Py_ssize_t count) {
    (void)module;
    if (!is_expected(count, 2)) return NULL;
    Array arrays[2];
    static const Py_ssize_t sizes[] = {8, 8};
    if (open_arrays(arrays, given, sizes, 2) < 0) return NULL;
    const uint64_t *hashes = arrays[0].buffer.buf, *ascending = arrays[1].buffer.buf;
    PyObject *result = NULL;
    uint8_t *held = room((size_t)arrays[0].count, 1);
    if (held) {
        enum { FIRST_BITS = 10, STARTS = 1 << FIRST_BITS, REST = 64 - FIRST_BITS };
        Py_ssize_t starts[STARTS + 1]; /* where the hashes with these first bits begin: one or two have the same */
        Py_ssize_t place = 0;
        for (uint64_t first = 0; first < STARTS; first++) {
            while (place < arrays[1].count && ascending[place] >> REST < first) place++;
            starts[first] = place;
        }
        starts[STARTS] = arrays[1].count;
        for (Py_ssize_t at = 0; at < arrays[0].count; at++) {
            uint64_t first = hashes[at] >> REST;
            Py_ssize_t low = starts[first], high = starts[first + 1], end = high;
            while (low < high) {
                Py_ssize_t middle = low + (high - low) / 2;
                if (ascending[middle] < hashes[at])
                    low = middle + 1;
                else
                    high = middle;
            }
            held[at] = low < end && ascending[low] == hashes[at];
        }
        result = as_bytes(held, arrays[0].count, 1);
    }
    free(held);
    close_arrays(arrays, 2);
    return result;
}

/* ---- names and numbers ---- */

/* Write the items of a text, a run of marked words being one, between two before it and two behind it. */
static Py_ssize_t write_items(const uint64_t *hashes, Py_ssize_t count, uint64_t *items, uint64_t *contents) {
    Py_ssize_t found = SIDE;
    items[0] = ODD[0];
    items[1] = ODD[1];
    for (Py_ssize_t at = 0; at < count; at++) {
        uint64_t content = mixed(hashes[at] & ~MARKED);
        if (hashes[at] & MARKED && at && hashes[at - 1] & MARKED) {
            contents[found - 1] += content;
            continue;
        }
        items[found] = hashes[at] & MARKED ? SLOT : content;
        contents[found++] = content;
    }
    items[found] = ODD[2];
    items[found + 1] = ODD[3];
    return found;
}

/* slots(words) -> (what stands around each number or name that is there once, ascending; what each is) */
static PyObject *slots(PyObject *module, PyObject *const *given, Py_ssize_t count) {
    (void)module;
    if (!is_expected(count, 1)) return NULL;
    Array array;
    if (open_array(&array, given[0], 8) < 0) return NULL;
    PyObject *result = NULL;
    size_t most = (size_t)array.count + 2 * SIDE;
    uint64_t *items = room(6 * most, sizeof *items);
    if (items) {
        uint64_t *contents = items + most, *contexts = contents + most, *values = contexts + most;
        Py_ssize_t end = write_items(array.buffer.buf, array.count, items, contents), found = 0, kept = 0;
        for (Py_ssize_t at = SIDE; at < end; at++) {
            const uint64_t around[] = {items[at - 2], items[at - 1], items[at + 1], items[at + 2]};
            uint64_t sum = 0;
            int names = 0;
            for (int side = 0; side < 2 * SIDE; side++) {
                sum += around[side] * ODD[side];
                names += around[side] == SLOT;
            }
            if (items[at] != SLOT || names > SIDE) continue;
            contexts[found] = mixed(sum);
            values[found++] = contents[at];
        }
        sort(contexts, values, values + most, values + 2 * most, found);
        for (Py_ssize_t at = 0; at < found; at++) {
            if ((at && contexts[at] == contexts[at - 1]) || (at + 1 < found && contexts[at] == contexts[at + 1]))
                continue;
            items[kept] = contexts[at];
            contents[kept++] = values[at];
        }
        result = Py_BuildValue("(y#y#)", (char *)items, kept * (Py_ssize_t)sizeof *items, (char *)contents,
                               kept * (Py_ssize_t)sizeof *items);
    }
    free(items);
    PyBuffer_Release(&array.buffer);
    return result;
}

/* differing(contexts, contents, contexts, contents) -> (contexts in common, those of other contents) */
static PyObject *differing(PyObject *module, PyObject *const *given, Py_ssize_t count) {
    (void)module;
    if (!is_expected(count, 4)) return NULL;
    Array arrays[4];
    static const Py_ssize_t sizes[] = {8, 8, 8, 8};
    if (open_arrays(arrays, given, sizes, 4) < 0) return NULL;
    const uint64_t *one = arrays[0].buffer.buf, *other = arrays[2].buffer.buf;
    const uint64_t *contents = arrays[1].buffer.buf, *others = arrays[3].buffer.buf;
    Py_ssize_t end = least(arrays[0].count, arrays[1].count), other_end = least(arrays[2].count, arrays[3].count);
    Py_ssize_t here = 0, there = 0, common = 0, apart = 0;
    while (here < end && there < other_end) {
        uint64_t left = one[here], right = other[there];
        if (left == right) {
            common++;
            apart += contents[here] != others[there];
        }
        here += left <= right;
        there += right <= left;
    }
    close_arrays(arrays, 4);
    return Py_BuildValue("(nn)", common, apart);
}

/* covered(words, hits, size) -> (for each word 1 where it stands in a run that is a hit; how many do, how many
   of these are marked, the first of them) */
static PyObject *covered(PyObject *module, PyObject *const *given, Py_ssize_t count) {
    (void)module;
    if (!is_expected(count, 3)) return NULL;
    Py_ssize_t size = PyLong_AsSsize_t(given[2]);
    if (size == -1 && PyErr_Occurred()) return NULL;
    Array arrays[2];
    static const Py_ssize_t sizes[] = {8, 1};
    if (open_arrays(arrays, given, sizes, 2) < 0) return NULL;
    const uint64_t *hashes = arrays[0].buffer.buf;
    const uint8_t *hits = arrays[1].buffer.buf;
    uint8_t *held = room((size_t)arrays[0].count, 1);
    PyObject *result = NULL;
    if (held) {
        Py_ssize_t words = 0, marked = 0, first = arrays[0].count, until = 0;
        for (Py_ssize_t at = 0; at < arrays[0].count; at++) {
            if (at < arrays[1].count && hits[at]) until = at + size;
            held[at] = at < until;
            words += held[at];
            marked += held[at] && hashes[at] & MARKED;
            if (held[at] && at < first) first = at;
        }
        result = Py_BuildValue("(y#nnn)", (char *)held, arrays[0].count, words, marked, first);
    }
    free(held);
    close_arrays(arrays, 2);
    return result;
}

#define METHOD(name) {#name, (PyCFunction)(void (*)(void))name, METH_FASTCALL, NULL}

static PyMethodDef methods[] = {
    METHOD(words), METHOD(paragraph_keys), METHOD(runs),      METHOD(distinct_runs), METHOD(shared),
    METHOD(is_in), METHOD(slots),          METHOD(differing), METHOD(covered),       {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot module_slots[] = {{0, NULL}};

static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_kernel", NULL, 0, methods, module_slots, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__kernel(void) { return PyModuleDef_Init(&definition); }
