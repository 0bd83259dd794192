"""The readable inline markup of component tests: `<n>harbour dialogue</n>` marks words that must be found."""

import re


def marked(sentence, labels):
    """Plain text and the marked words: label -> list of words in order.

    `labels` gives the label of each tag; other tags are left as they stand.
    """
    tag = re.compile(rf"<(/?)({'|'.join(labels)})>")
    found, opened, text, last = {}, {}, "", 0
    for match in tag.finditer(sentence):
        text += sentence[last : match.start()]
        last = match.end()
        if match[1]:
            found.setdefault(labels[match[2]], []).append(text[opened[match[2]] :])
        else:
            opened[match[2]] = len(text)
    return text + sentence[last:], found
