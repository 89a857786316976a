"""Where the browser finds the committed bundles, and the loader that a Streamlit component runs.

The dashboard serves the folder `BUNDLES` at `/assets`. A bundle is too large to be sent inline with each mount,
so the component carries these few lines, and the browser caches the rest under a URL that changes with the content.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

BUNDLES = Path(__file__).parent / "bundles"


@cache
def asset_url(name: str) -> str:
    """Return the path of a file of `BUNDLES` on this server, with a part of its SHA-256 so that caches never lie."""
    digest = sha256((BUNDLES / name).read_bytes()).hexdigest()
    return f"/assets/{name}?v={digest[:12]}"


def loader(bundle: str) -> str:
    """Return the inline module of a component whose code is `<bundle>.js` and whose style is `<bundle>.css`.

    The bundle exports `render(component)`, called on every run, and `unmount(parentElement)`. The HTML of the
    component has an element of class `pd-failure`, where a bundle that cannot be loaded is reported.
    """
    return f"""
const style = new URL("{asset_url(f"{bundle}.css")}", location.origin).href;
const code = new URL("{asset_url(f"{bundle}.js")}", location.origin).href;

function styled() {{
  if (document.querySelector(`link[href="${{style}}"]`)) return;
  return new Promise((resolve, reject) => {{
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = style;
    link.onload = resolve;
    link.onerror = () => {{ link.remove(); reject(new Error("its style sheet did not load")); }};
    document.head.append(link);
  }});
}}

const ready = Promise.all([import(code), styled()]).then(([module]) => module);

export default function (component) {{
  const {{ parentElement }} = component;
  ready.then((module) => module.render(component)).catch((error) => {{
    const note = parentElement.querySelector(".pd-failure");
    note.hidden = false;
    note.textContent = `The diagram could not be loaded (${{error.message}}). Reload the page.`;
  }});
  return () => {{
    ready.then((module) => module.unmount(parentElement), () => {{}});
  }};
}}
"""
