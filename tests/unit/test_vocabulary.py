"""What seqviz.vocabulary promises: any text to tokens to ids, and back."""

import pickle
import subprocess
import sys
import time
import unicodedata
from collections import Counter

import keras
import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, strategies as st
from icu4py.breakers import CharacterBreaker
from keras.src.legacy.preprocessing.text import Tokenizer

from seqviz.errors import SeqvizError
from seqviz.segmentation import clean, label, tokenize
from seqviz.typed_text import Encoded, parse_ids, read_text
from seqviz.vocabulary import PAD, PAD_ID, UNK, UNK_ID, Vocabulary
from tests import ROOT

FAMILY = "👨\u200d👩\u200d👧\u200d👦"
ENGLAND = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"

# Hypothesis leaves lone surrogates out unless asked for them.
any_text = st.text(st.characters(exclude_categories=()))
# The characters on which the rules for words and for graphemes are at odds.
awkward_text = st.text(
    st.sampled_from(
        "aা ক\u09cdষ\u200d\u200c\u0301\u0327\u0344\u0958👨👩❤\ufe0f🏽🇧🇩ก\u0e33한\u1100\u1161 \t\r\n.,'_1٣\U000110bd\u0600\ud83d\udc68\x00\u202e\ufeff"
    )
)
texts = any_text | awkward_text
word_lists = st.lists(st.text(max_size=4))
levels = st.sampled_from(["words", "characters"])


def words(text):
    return list(tokenize(text).tokens)


def characters(text):
    return list(tokenize(text, "characters").tokens)


class TestWords:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("The cat sat.", ["The", "cat", "sat"]),
            ("Don't stop, it's 3.14!", ["Don't", "stop", "it's", "3.14"]),
            ("a_b  (c)  …  «d»", ["a_b", "c", "d"]),
            ("আমি বাংলায় গান গাই।", ["আমি", "বাংলায়", "গান", "গাই"]),
            ("র\u200d্যাব ক্ষমতা দুঃখ", ["র\u200d্যাব", "ক্ষমতা", "দুঃখ"]),
            ("私はグルートです。", ["私", "は", "グルート", "です"]),
            ("我爱北京", ["我", "爱", "北京"]),
            ("ฉันรักประเทศไทย", ["ฉัน", "รัก", "ประเทศไทย"]),
            ("مرحبا بالعالم، كيف حالك؟", ["مرحبا", "بالعالم", "كيف", "حالك"]),
            ("می\u200cخواهم", ["می\u200cخواهم"]),
            ("שלום, עולם!", ["שלום", "עולם"]),
            ("한국어 문장", ["한국어", "문장"]),
        ],
    )
    def test_words_of_every_script(self, text, expected):
        # Compared in NFC: some Bengali letters have two spellings.
        assert words(text) == [unicodedata.normalize("NFC", word) for word in expected]

    @pytest.mark.parametrize("emoji", [FAMILY, ENGLAND, "👍🏽", "🇧🇩", "❤️", "3️⃣", "*️⃣", "‼️"])
    def test_an_emoji_is_one_token(self, emoji):
        assert words(f"so {emoji}{FAMILY}, yes") == ["so", emoji, FAMILY, "yes"]

    def test_symbols_and_numbers_stay_and_punctuation_goes(self):
        assert words("2 + 2 = 4, $5 → €6 ‒ (50%)") == [
            *["2", "+", "2", "=", "4", "$", "5", "→", "€", "6", "50"]
        ]

    @pytest.mark.parametrize(
        "text", ["", " \t\n", "...", "—", "\u200d", "\u202e\u202c", "\x00\x07"]
    )
    def test_text_without_words_has_no_tokens(self, text):
        assert words(text) == []

    def test_case_is_kept_in_tokens(self):
        assert words("The THE the") == ["The", "THE", "the"]

    def test_all_white_space_separates(self):
        assert words("a\tb\nc\r\nd\u00a0e\u2028f\u3000g\u200bh") == list("abcdefgh")

    def test_a_mark_on_spaces_does_not_lose_its_space(self):
        assert words("a  \u0301b") == ["a", "  \u0301", "b"]


class TestCharacters:
    def test_graphemes_are_whole(self):
        assert characters(f"ক্ষe\u0301{FAMILY}🇧🇩한") == ["ক্ষ", "é", FAMILY, "🇧🇩", "한"]

    def test_spaces_and_punctuation_are_tokens(self):
        assert characters("a b.") == ["a", " ", "b", "."]

    def test_a_line_end_is_one_space(self):
        assert characters("a\r\nb") == ["a", " ", "b"]

    def test_marks_alone_are_a_token(self):
        assert characters("\u0301\u0302") == ["\u0301\u0302"]


class TestClean:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("e\u0301", "é"),
            ("a\x00\x07\x1b\x7fb", "ab"),
            ("\ufeffa\u202eb\u2066c\u2069\u00ad", "abc"),
            ("\ud800a\udc00", "\ufffda\ufffd"),
            ("  a  b \n", "a  b"),
            ("\u0600123", "\u0600123"),
            (FAMILY + ENGLAND, FAMILY + ENGLAND),
            ("\ud7ff\ud800\udfff\ue000", "\ud7ff\ufffd\ufffd\ue000"),
            ("a\U000e0001b", "ab"),
        ],
    )
    def test_examples(self, text, expected):
        assert clean(text) == expected

    # What a format character encloses, joins or spells is part of what is seen.
    @pytest.mark.parametrize(
        "kept",
        [
            *("\u200c", "\u200d", "\u0600", "\u0605", "\u06dd", "\u070f", "\u0890", "\u0891"),
            *("\u08e2", "\U000110bd", "\U000110cd", "\U000e0020", "\U000e007f"),
        ],
    )
    def test_some_format_characters_stay(self, kept):
        assert clean(f"a{kept}1") == f"a{kept}1"

    def test_no_letter_carries_more_than_thirty_marks(self):
        assert clean("a" + "\u0327" * 1000 + "b") == "a" + "\u0327" * 30 + "b"

    @pytest.mark.parametrize("text", [None, 3, b"bytes", ["a", "b"]])
    def test_only_a_string_is_text(self, text):
        with pytest.raises(SeqvizError, match="Text must be a str"):
            clean(text)

    @given(texts)
    @example("a" + "\u0344" * 40)
    @example("\u0958" + "\u0301" * 40)
    def test_cleaning_twice_changes_nothing(self, text):
        cleaned = clean(text)
        assert clean(cleaned) == cleaned
        assert unicodedata.is_normalized("NFC", cleaned)
        cleaned.encode()  # raises if a surrogate is left


class TestTokenize:
    @given(texts)
    def test_joined_characters_are_the_cleaned_text(self, text):
        assert "".join(characters(text)) == clean(text)

    @given(texts, levels)
    def test_no_token_splits_a_grapheme(self, text, level):
        cleaned = clean(text)
        ends, end = {0}, 0
        for grapheme in CharacterBreaker(cleaned, "en"):
            end += len(grapheme)
            ends.add(end)
        position = 0
        for token in tokenize(text, level).tokens:
            start = cleaned.index(token, position)
            # A dropped stretch may contain the same letters inside a larger grapheme.
            while not {start, start + len(token)} <= ends:
                start = cleaned.index(token, start + 1)
            position = start + len(token)

    @given(texts, levels)
    def test_tokens_are_never_empty_or_blank_words(self, text, level):
        for token in tokenize(text, level).tokens:
            assert token
            assert level == "characters" or token.strip()

    def test_one_token_is_the_least(self):
        assert tokenize("a b", max_tokens=1).tokens == ("a",)

    def test_what_has_no_category_of_its_own_is_a_word(self):
        assert words("a \ue000 \u0378") == ["a", "\ue000", "\u0378"]  # private, unassigned

    def test_the_cut_is_said(self):
        tokens, notice = tokenize("a b c d", max_tokens=3)
        assert tokens == ("a", "b", "c")
        assert notice == "Only the first 3 of 4 words are kept."

    def test_no_notice_when_all_fit(self):
        assert tokenize("a b c", max_tokens=3) == (("a", "b", "c"), None)

    @pytest.mark.parametrize("level", ["word", "ids", None])
    def test_unknown_level(self, level):
        with pytest.raises(SeqvizError, match="'words' or 'characters'"):
            tokenize("a", level)

    @pytest.mark.parametrize("limit", [0, -1, 1.5, "3"])
    def test_a_limit_is_a_whole_number_from_one(self, limit):
        with pytest.raises(SeqvizError, match="max_tokens must be"):
            tokenize("a", max_tokens=limit)

    @pytest.mark.parametrize(
        "piece",
        [
            "the cat sat ",
            "私はグルートです",
            "ฉัน",
            "a",
            "\u0301",
            "\u0301\u0327",
            FAMILY,
            "👨\u200d",
            "1 ",
            "[",
            ",1",
            "\ud800",
            "\u202e",
            "\x00",
            " ",
            "\r\n",
        ],
    )
    @pytest.mark.parametrize("level", ["auto", "characters"])
    def test_a_hundred_thousand_characters_are_cut_in_no_time(self, piece, level):
        text = (piece * 100_000)[:100_000]
        start = time.process_time()
        encoded = read_text(text, level, vocab_size=50)
        assert time.process_time() - start < 3  # 0.2 s; quadratic would be 7 s and more
        assert len(encoded.ids) <= 200
        assert all(len(token) <= 41 for token in encoded.tokens)
        if len(encoded.ids) == 200:
            assert encoded.notices[0].startswith("Only the first 200 of ")


class TestLabel:
    @pytest.mark.parametrize(
        ("token", "expected"),
        [
            ("cat", "cat"),
            (" ", "␣"),
            ("", "∅"),
            ("\u0301", "◌\u0301"),
            ("  \u0301", "◌\u0301"),
            ("\u200d", "U+200D"),
            ("\ufe0f", "U+FE0F"),
            ("\u3164", "U+3164"),
            (FAMILY, FAMILY),
            ("a" * 50, "a" * 40 + "…"),
            ("a" * 40, "a" * 40),
            ("a" * 41, "a" * 40 + "…"),
            # The last grapheme that fits in part is left out.
            ("b" * 40 + "\u0301", "b" * 39 + "…"),
            ("b" * 39 + "\u0301", "b" * 39 + "\u0301"),
            ("   ", "␣␣␣"),
            (" " * 50, "␣" * 40),
            ("\u200d\u200d", "U+200D…"),
            ("\u0600", "\u0600"),
            ("\u08e2", "\u08e2"),
            ("\u05ff", "U+05FF"),
            ("\ue000", "\ue000"),
            # Variation selectors, and what stands beside them.
            ("\ufe00", "U+FE00"),
            ("\U000e0100", "U+E0100"),
            ("\U000e01ef", "U+E01EF"),
            ("\ufdff", "\ufdff"),
            ("\ufe10", "\ufe10"),
        ],
    )
    def test_examples(self, token, expected):
        assert label(token) == expected

    def test_the_cut_keeps_graphemes_whole(self):
        assert label("ক্ষ" * 3, width=7) == "ক্ষক্ষ…"
        assert label("b" + "\u0301" * 20, width=5) == "b…"  # of one that is too long, a part

    @given(texts, st.integers(1, 50))
    def test_there_is_always_something_to_see(self, token, width):
        shown = label(token, width=width)
        assert shown.strip()
        shown.encode()


class TestVocabulary:
    def test_ids_start_at_two_in_order_of_first_appearance(self):
        vocabulary = Vocabulary.from_tokens(["the", "cat", "the", "mat"], 10)
        assert vocabulary.entries == ("the", "cat", "mat")
        assert vocabulary.encode(["mat", "the", "dog"]) == (4, 2, UNK_ID)
        assert vocabulary.decode([0, 1, 2, 4, 9]) == (PAD, UNK, "the", "mat", "id 9")

    @pytest.mark.parametrize(
        "words",
        [
            ["the", "cat", "mat"],
            np.array(["the", "cat", "mat"]),
            pd.Series(["the", "cat", "mat"]),
            pd.Index([b"the", b"cat", b"mat"]),
            ["", "[UNK]", "the", "cat", "mat"],
            ["[PAD]", "[UNK]", "the", "cat", "mat"],
            {"mat": 4, "the": 2, "cat": 3},
            {"mat": 4, "<OOV>": 1, "the": 2, "cat": 3, "<pad>": 0},
            {"mat": 4, "": 0, "the": 2, "cat": 3},
            {2: "the", 3: "cat", 4: "mat"},
            Vocabulary(30, ("the", "cat", "mat")),
        ],
    )
    def test_words_in_every_form(self, words):
        vocabulary = Vocabulary(10, words)
        assert vocabulary == Vocabulary(10, ("the", "cat", "mat"))
        assert vocabulary.entries == ("the", "cat", "mat")
        assert Vocabulary.from_tokens(words, 10).encode(["mat"]) == (4,)
        hash(vocabulary)

    @pytest.mark.parametrize("words", [["", UNK], [PAD, UNK], {PAD: 0, UNK: 1}, {}, []])
    def test_without_words(self, words):
        assert Vocabulary(5, words) == Vocabulary.from_tokens(words, 5) == Vocabulary(5)

    @given(st.permutations(["the", "cat", "mat", "dog"]), st.permutations(range(2, 6)))
    def test_a_mapping_in_any_order_is_the_list_by_id(self, words, ids):
        by_id = [word for _, word in sorted(zip(ids, words, strict=True))]
        mapping = dict(zip(words, ids, strict=True))
        vocabulary = Vocabulary(8, mapping)
        assert vocabulary == Vocabulary(8, by_id) == Vocabulary.from_tokens(mapping, 8)
        assert dict(zip(words, vocabulary.encode(words), strict=True)) == mapping

    @pytest.mark.parametrize(
        "layer",
        [
            keras.layers.TextVectorization(vocabulary=["the", "cat", "mat"]),
            keras.layers.StringLookup(vocabulary=["the", "cat", "mat"], mask_token=""),
        ],
    )
    def test_ids_are_those_of_the_keras_layer_whose_words_it_has(self, layer):
        read = ["mat", "dog", "the", "cat"]
        want = tuple(np.array(layer(read)).ravel().tolist())
        for words in (layer, layer.get_vocabulary()):
            assert Vocabulary(10, words).encode(read) == want
            assert Vocabulary.from_tokens(words, 10).encode(read) == want

    def test_ids_are_those_of_the_keras_tokenizer_whose_words_it_has(self):
        tokenizer = Tokenizer(oov_token="<OOV>")
        tokenizer.fit_on_texts(["the cat the mat"])
        read = ["mat", "dog", "the", "cat"]
        (want,) = tokenizer.texts_to_sequences([read])
        shuffled = dict(sorted(tokenizer.word_index.items()))
        assert Vocabulary(10, shuffled).encode(read) == tuple(want)

    def test_words_with_other_ids_are_numbered_anew_in_their_order(self):
        assert Vocabulary.from_tokens({"cat": 7, "the": 1}, 9).entries == ("the", "cat")
        # Past id 1, what looks like a stand-in is a word.
        named = {"<oov>": 1, "<b>": 2, "[a]": 5}
        assert Vocabulary.from_tokens(named, 9).entries == ("<b>", "[a]")

    def test_what_does_not_fit_is_out_of_vocabulary(self):
        vocabulary = Vocabulary.from_tokens(["the", "cat", "mat"], 4)
        assert list(vocabulary) == ["the", "cat"]
        assert vocabulary.encode(["the", "cat", "mat"]) == (2, 3, 1)

    def test_words_match_whatever_their_case(self):
        vocabulary = Vocabulary.from_tokens(["The", "the", "Straße", "ΣΟΦΟΣ"], 10)
        assert vocabulary.entries == ("The", "Straße", "ΣΟΦΟΣ")
        assert vocabulary.encode(["THE", "STRASSE", "σοφος"]) == (2, 3, 4)

    def test_case_can_matter(self):
        vocabulary = Vocabulary.from_tokens(["T", "t"], 10, fold_case=False)
        assert vocabulary.encode(["t", "T"]) == (3, 2)

    def test_equivalent_spellings_are_one_entry(self):
        assert Vocabulary.from_tokens(["é", "e\u0301"], 10).entries == ("é",)

    def test_a_container_of_words(self):
        vocabulary = Vocabulary.from_tokens(["the", "cat"], 10)
        assert len(vocabulary) == 2
        assert "CAT" in vocabulary
        assert "dog" not in vocabulary
        assert PAD not in vocabulary
        assert 2 not in vocabulary
        assert vocabulary.index("cat") == 3
        assert vocabulary.index("dog") == UNK_ID

    def test_reserved_words_keep_their_ids(self):
        vocabulary = Vocabulary.from_tokens([UNK, "a", PAD], 10)
        assert vocabulary.entries == ("a",)
        assert vocabulary.encode([PAD, UNK, "a"]) == (PAD_ID, UNK_ID, 2)

    def test_immutable_hashable_and_picklable(self):
        one, two = (Vocabulary.from_tokens(["a", "b"], 10) for _ in range(2))
        one.encode(["a"])
        assert one == two
        assert hash(one) == hash(two)
        assert pickle.loads(pickle.dumps(one)) == two
        assert one != Vocabulary.from_tokens(["b", "a"], 10)
        with pytest.raises(AttributeError):
            one.size = 3

    def test_numpy_integers_are_integers(self):
        vocabulary = Vocabulary.from_tokens(["a"], np.int64(5))
        assert vocabulary.decode(np.array([2, 0])) == ("a", PAD)
        assert type(vocabulary.size) is int

    @pytest.mark.parametrize(
        ("make", "message"),
        [
            (lambda: Vocabulary(1), "must be 2 or more"),
            (lambda: Vocabulary(2.5), "must be a whole number"),
            (lambda: Vocabulary.from_tokens(["a", "b", "c"], 1), "must be 2 or more"),
            (lambda: Vocabulary.from_tokens(["a", "b", "c"], -1), "must be 2 or more"),
            (lambda: Vocabulary.from_tokens(["a"], 2.5), "must be a whole number"),
            (lambda: Vocabulary(3, ("a", "b")), "has room for 1 words"),
            (lambda: Vocabulary(9, ("a", "A")), "must all differ"),
            (lambda: Vocabulary(9, (UNK,)), "must all differ"),
            (lambda: Vocabulary.from_tokens("the cat", 9), r"tokenize\(text\)"),
            (lambda: Vocabulary.from_tokens([1, 2], 9), "Tokens must be strings"),
            (lambda: Vocabulary(9, {"cat": 1, "the": 2}), "“cat” has id 1, but .* start at id 2"),
            (lambda: Vocabulary(9, {"cat": 0, "the": 1}), "“cat” has id 0"),
            (lambda: Vocabulary(9, {"": 1, "the": 2}), "“∅” has id 1"),
            (lambda: Vocabulary(9, {"cat": 2, "the": 4}), "Id 3 has no word"),
            (lambda: Vocabulary(9, {"cat": 2, "the": 2}), "both have the id 2"),
            (lambda: Vocabulary(3, {"cat": 2, "the": 3}), "has room for 1 words"),
            (lambda: Vocabulary(9, ["cat", None]), "Id 3 has no word"),
            (lambda: Vocabulary(9, ["[UNK]", "the"]), r"StringLookup\(mask_token=''\)"),
            (lambda: Vocabulary(9).encode(["cat", None]), "Token 1 has no word"),
            (lambda: Vocabulary(9).encode({"cat", "the"}), "no order"),
            (lambda: Vocabulary.from_tokens({"cat", "the"}, 9), "no order"),
            (lambda: Vocabulary.from_tokens(["cat", None], 9), "Token 1 has no word"),
            (lambda: Vocabulary.from_tokens({2.5: 3, "cat": 2}, 9), "Tokens must be strings"),
            (lambda: Vocabulary.from_tokens(Counter(["cat"]), 9), "most_common"),
            (lambda: Vocabulary(9).encode("the cat"), r"tokenize\(text\)"),
            (lambda: Vocabulary(9).decode([9]), "legal ids are 0 to 8"),
            (lambda: Vocabulary(9).decode([-1]), "−1 reads the last"),
            (lambda: Vocabulary(9).decode([1.7]), "An id must be a whole number"),
        ],
    )
    def test_mistakes_are_explained(self, make, message):
        with pytest.raises(SeqvizError, match=message):
            make()

    @given(word_lists, st.integers(2, 12), st.booleans())
    def test_ids_are_always_in_range(self, tokens, size, fold_case):
        vocabulary = Vocabulary.from_tokens(tokens, size, fold_case=fold_case)
        assert all(0 <= number < size for number in vocabulary.encode(tokens))
        assert len(vocabulary) <= size - 2

    @given(word_lists, st.integers(2, 12), st.booleans())
    def test_encoding_what_was_decoded_gives_the_ids_back(self, tokens, size, fold_case):
        vocabulary = Vocabulary.from_tokens(tokens, size, fold_case=fold_case)
        ids = vocabulary.encode(tokens)
        assert vocabulary.encode(vocabulary.decode(ids)) == ids

    @given(word_lists)
    def test_decoding_what_was_encoded_gives_the_tokens_back(self, tokens):
        vocabulary = Vocabulary.from_tokens(tokens, len(tokens) + 2, fold_case=False)
        assert vocabulary.decode(vocabulary.encode(tokens)) == tuple(tokens)

    @given(word_lists, st.integers(2, 12))
    def test_a_vocabulary_of_its_own_entries_is_itself(self, tokens, size):
        vocabulary = Vocabulary.from_tokens(tokens, size)
        assert Vocabulary.from_tokens(vocabulary.entries, size) == vocabulary


class TestParseIds:
    @pytest.mark.parametrize(
        "text",
        [
            "3 7 7 0",
            "3,7,7,0",
            "[3, 7, 7, 0]",
            "(3, 7, 7, 0)",
            "[[3 7 7 0]]",
            "3,7 7\n0",
            "3; 7; 7; 0;",
            "৩ ৭ ৭ ০",
            "٣، ٧، ٧، ٠",
            "３　７　７　０",
            "+3 007 7 0",
            "\ufeff3\t7\t7\t0 ",
            "3、7、7、0",
        ],
    )
    def test_many_ways_to_write_ids(self, text):
        assert parse_ids(text) == (3, 7, 7, 0)

    @pytest.mark.parametrize("minus", ["-", "−"])
    def test_negative_numbers(self, minus):
        assert parse_ids(f"{minus}1 2") == (-1, 2)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            " ",
            "the cat",
            "3 cats",
            "1.5 2",
            "1,,2",
            ",1",
            "-",
            "3-7",
            "[3",
            "3]",
            "[]",
            "x²",
            "²",
            "[[[3]]]",
            "1e3",
            "3 \ud800",
        ],
    )
    def test_anything_else_is_not_ids(self, text):
        assert parse_ids(text) is None

    @pytest.mark.parametrize("text", ["3 1234567890", "3 " + "9" * 100_000, "3 -1234567890"])
    def test_a_number_beyond_reason(self, text):
        with pytest.raises(SeqvizError, match=r"Number 2, .* at most 9 digits") as caught:
            parse_ids(text)
        assert len(str(caught.value)) < 400

    @given(st.lists(st.integers(-999_999_999, 999_999_999), min_size=1))
    def test_what_python_prints_is_read_back(self, ids):
        assert parse_ids(str(ids)) == tuple(ids)
        assert parse_ids(" ".join(map(str, ids))) == tuple(ids)


class TestReadText:
    def test_a_sentence(self):
        assert read_text("The cat, the mat", vocab_size=50) == Encoded(
            tokens=("The", "cat", "the", "mat"),
            ids=(2, 3, 2, 4),
            vocabulary=Vocabulary(50, ("The", "cat", "mat")),
            level="words",
        )

    def test_characters(self):
        encoded = read_text("Tt t", "characters", vocab_size=50)
        assert encoded.tokens == ("T", "t", "␣", "t")
        assert encoded.ids == (2, 3, 4, 3)
        assert encoded.level == "characters"

    def test_nothing_but_integers_is_ids(self):
        assert read_text("3 7 7 0", vocab_size=50) == Encoded(
            tokens=("id 3", "id 7", "id 7", PAD), ids=(3, 7, 7, 0), vocabulary=None, level="ids"
        )

    def test_integers_can_be_words(self):
        encoded = read_text("3 7 7", "words", vocab_size=50)
        assert (encoded.tokens, encoded.ids) == (("3", "7", "7"), (2, 3, 3))

    @pytest.mark.parametrize("level", ["auto", "words", "characters", "ids"])
    @pytest.mark.parametrize("text", ["", "  \n ", "\u202e"])
    def test_nothing_typed(self, text, level):
        encoded = read_text(text, level, vocab_size=50)
        assert (encoded.tokens, encoded.ids) == ((), ())
        assert encoded.notices[0].startswith("Type some")

    def test_nothing_but_punctuation(self):
        assert read_text("?!", vocab_size=50).notices == (
            "There is nothing here but punctuation. Type a word, or read the text as characters.",
        )

    def test_too_small_a_vocabulary_is_said_and_mended(self):
        text = "the cat sat on the mat by the door and ran"
        encoded = read_text(text, vocab_size=4)
        assert encoded.ids == (2, 3, 1, 1, 2, 1, 1, 2, 1, 1, 1)
        assert encoded.notices == (
            "vocab_size = 4 has room for 2 words after [PAD] and [UNK], so “sat”, “on”, “mat”, "
            "“by”, “door” and 2 more get id 1, [UNK]. With vocab_size ≥ 11 every word has an id of "
            "its own.",
        )
        assert read_text(text, vocab_size=11).notices == ()
        assert read_text(text, vocab_size=10).notices != ()

    def test_both_notices(self):
        cut, unknown = read_text("a b c d", vocab_size=3, max_tokens=2).notices
        assert cut == "Only the first 2 of 4 words are kept."
        assert "has room for 1 word after" in unknown
        assert "“b” gets id 1" in unknown
        assert "vocab_size ≥ 4" in unknown

    def test_ids_are_cut_too(self):
        encoded = read_text("1 2 3 99", vocab_size=4, max_tokens=3)
        assert encoded.ids == (1, 2, 3)
        assert encoded.notices == ("Only the first 3 of 4 ids are kept.",)

    @pytest.mark.parametrize(
        ("text", "level", "vocab_size", "message"),
        [
            ("3 50", "auto", 50, r"Id 50 at timestep 2 .* 0 to 49.* largest id \+ 1.* at least 51"),
            ("3 50", "auto", 50, 'read the text as "words"'),
            ("1", "ids", 1, "the only legal id is 0"),
            ("2 -1", "ids", 50, r"Id -1 at timestep 2 .* last"),
            ("12345678901", "auto", 50, 'read the text as "words"'),
            ("the cat", "ids", 50, "is not a list of ids"),
            ("the cat", "auto", 1, "text needs 2 or more"),
            ("the cat", "auto", 0, "vocab_size must be 1 or more"),
            ("the cat", "auto", "50", "vocab_size must be a whole number"),
            ("the cat", "word", 50, "level must be one of 'auto', 'words'"),
        ],
    )
    def test_mistakes_are_explained(self, text, level, vocab_size, message):
        with pytest.raises(SeqvizError, match=message):
            read_text(text, level, vocab_size=vocab_size)

    @given(texts, levels, st.integers(2, 50))
    def test_no_text_is_too_strange(self, text, level, vocab_size):
        encoded = read_text(text, level, vocab_size=vocab_size, max_tokens=20)
        assert len(encoded.tokens) == len(encoded.ids) <= 20
        assert all(0 <= number < vocab_size for number in encoded.ids)
        assert all(encoded.tokens)
        hash(encoded)


def test_importing_loads_nothing_heavy():
    program = (
        "import sys, seqviz.vocabulary;"
        "print(*{'keras', 'tensorflow', 'numpy', 'plotly', 'streamlit'} & set(sys.modules))"
    )
    root = ROOT
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
