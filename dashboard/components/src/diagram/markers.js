/** CSS classes on diagram elements; `update` replaces all that the last call set. Unknown ids are ignored. */
export function createMarkers(canvas, elementRegistry) {
  let set = [];

  function clear() {
    for (const [id, name] of set) {
      if (elementRegistry.get(id)) {
        canvas.removeMarker(id, name);
      }
    }
    set = [];
  }

  return {
    update(idsByName) {
      clear();
      for (const [name, ids] of Object.entries(idsByName)) {
        for (const id of ids) {
          if (elementRegistry.get(id)) {
            canvas.addMarker(id, name);
            set.push([id, name]);
          }
        }
      }
    },
    forget() {
      set = [];
    },
  };
}
