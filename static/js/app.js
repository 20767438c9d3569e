// What every page may use, each behaviour a module of its own. Nothing here is needed: links and forms work without.
import "./hotkeys.js"
import "./search.js"
import "./flash.js"
import "./forms.js"
import "./dialogs.js"
import "./grid.js"
import "./work.js"
import "./print.js"
