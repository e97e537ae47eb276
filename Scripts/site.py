"""Finishes the combined documentation that DocC has made, and checks that its links lead somewhere.

    site.py FOLDER BASE LIBRARY...

The front page lists `Equivariant` first, then the libraries in the order given; the root of the site leads to it, and every page has a link
back to it. BASE is the folder of the web server that the site is made for, such as /swift-equivariant, or empty. Ends with an error that
names the page if a link leads nowhere, a picture is missing, or a page cannot be reached from the front page.
"""
import json
import pathlib
import sys

site, base, libraries = pathlib.Path(sys.argv[1]), sys.argv[2].rstrip("/"), sys.argv[3:]
NAME = "swift-equivariant"
ABSTRACT = "An equivariant deep learning toolkit: exact group theory, tensors with derivatives of any order, layers, models, and " \
    "measurements of equivariance."
REDIRECT = f'<!doctype html><meta charset="utf-8"><title>{NAME}</title><meta http-equiv="refresh" content="0; url=documentation/">' \
    '<a href="documentation/">Documentation</a>\n'
# DocC's pages show a template with this name above their content.
HEADER = '<template id="custom-header"><style>p { font: 15px sans-serif; margin: 0; padding: 10px 22px; background: #f0f0f0; }' \
    f' a {{ color: #0057b8; text-decoration: none; }}</style><p><a href="{base}/documentation/">{NAME}</a></p></template>'


def finish_front_page():
    path = site / "data/documentation.json"
    page = json.loads(path.read_text())
    modules = {page["references"][i]["title"]: i for section in page["topicSections"] for i in section["identifiers"]}
    missing = [name for name in ["Equivariant", *libraries] if name not in modules]
    if missing or len(modules) != len(libraries) + 1:
        sys.exit(f"the front page has {sorted(modules)}, expected are Equivariant and {libraries}")
    page["abstract"] = [{"type": "text", "text": ABSTRACT}]
    page["topicSections"] = [
        {"title": "Start here", "identifiers": [modules["Equivariant"]]},
        {"title": "Libraries, lowest level first", "identifiers": [modules[name] for name in libraries]},
    ]
    page["topicSectionsStyle"] = "list"
    path.write_text(json.dumps(page))
    path = site / "index/index.json"
    index = json.loads(path.read_text())
    for root in index["interfaceLanguages"]["swift"]:
        root.get("children", []).sort(key=lambda module: ["Equivariant", *libraries].index(module["title"]))
    path.write_text(json.dumps(index))


def finish_pages():
    for page in site.glob("documentation/**/index.html"):
        text = page.read_text()
        if HEADER not in text:
            page.write_text(text.replace("</noscript>", f"</noscript>{HEADER}", 1))
    (site / "index.html").write_text(REDIRECT)
    # Every page asks for this file.
    (site / "theme-settings.json").write_text("{}\n")


def links(value, found):
    """The identifiers that a page shows: of topics, of links in its text, of its place in the hierarchy."""
    if isinstance(value, dict):
        if value.get("type") == "reference":
            found.add(value["identifier"])
        found.update(i for i in value.get("identifiers", []) if isinstance(i, str))
        for key, part in value.items():
            if key != "references":
                links(part, found)
    elif isinstance(value, list):
        for part in value:
            links(part, found)
    return found


def list_on_parent(path, url):
    """DocC drops one of two groups of members with the same title, such as those of two protocols: lists a page on that of its parent."""
    page = json.loads(path.read_text())
    identifier, metadata = page["identifier"]["url"], page["metadata"]
    parent_url = page["hierarchy"]["paths"][0][-1].split("/documentation/", 1)[1].lower()
    parent_path = site / "data/documentation" / f"{parent_url}.json"
    if not parent_path.exists():
        return
    parent = json.loads(parent_path.read_text())
    parent["references"][identifier] = {
        "identifier": identifier, "url": url, "type": "topic", "kind": "symbol", "role": metadata.get("role", "symbol"),
        "title": metadata["title"], "abstract": page.get("abstract", []), "fragments": metadata.get("fragments", []),
    }
    sections = parent.setdefault("topicSections", [])
    if not sections or sections[-1].get("title") != "More":
        sections.append({"title": "More", "identifiers": []})
    sections[-1]["identifiers"].append(identifier)
    parent_path.write_text(json.dumps(parent))


def pages():
    """Every page by its address."""
    paths = sorted(site.glob("data/documentation/**/*.json")) + [site / "data/documentation.json"]
    return {"/" + path.relative_to(site / "data").with_suffix("").as_posix(): path for path in paths}


def check():
    """Faults, pages that cannot be reached from the front page, and the number of links."""
    faults, targets = [], {}
    for url, path in pages().items():
        page = json.loads(path.read_text())
        if not (site / url[1:] / "index.html").exists():
            faults.append(f"{url} has no page")
        shown = links(page, set())
        targets[url] = set()
        for identifier, reference in page.get("references", {}).items():
            target = reference.get("url", "").split("#")[0].lower()
            if target.startswith("/documentation"):
                if not (site / "data" / f"{target[1:]}.json").exists():
                    faults.append(f"{url} links to {target}, which is not there")
                elif identifier in shown:
                    targets[url].add(target)
            for variant in reference.get("variants", []):
                if not (site / variant["url"].lstrip("/")).exists():
                    faults.append(f"{url} shows {variant['url']}, which is not there")
        for identifier in sorted(shown - set(page.get("references", {}))):
            # Types of the standard library are named in declarations and have no page here.
            if identifier.startswith("doc://"):
                faults.append(f"{url} refers to {identifier}, which is unknown")
    reached, queue = set(), ["/documentation"]
    while queue:
        url = queue.pop()
        if url not in reached:
            reached.add(url)
            queue += targets.get(url, ())
    return faults, [url for url in targets if url not in reached], sum(map(len, targets.values()))


finish_front_page()
finish_pages()
_, unreached, _ = check()
for url in unreached:
    list_on_parent(pages()[url], url)
faults, unreached, count = check()
faults += [f"{url} cannot be reached from the front page" for url in unreached]
for fault in faults[:40]:
    print(fault, file=sys.stderr)
if faults:
    sys.exit(f"{len(faults)} faults in the documentation")
print(f"{len(pages())} pages, {count} links between them; all lead somewhere, and every page is reached from the front page")
