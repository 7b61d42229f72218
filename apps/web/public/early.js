// Before the first paint: the theme that was chosen here, so that nothing flashes.
try {
  const theme = localStorage.getItem('homeserver.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage is off in this browser: the default theme stays.
}
// Before the first schema: zod would try whether it may make code of strings. No page of ours may, and
// browsers report the attempt. What it reads is set by `z.config()` too, but that may run too late:
// which module of a bundle comes first is the bundler's choice.
globalThis.__zod_globalConfig = { jitless: true };
