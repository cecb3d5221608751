"""Routes of JavaScript and TypeScript are followed to their prefixes and to the guards that stand before them."""

from __future__ import annotations

import pytest

from tests.evidence.readers.routed import routes_of, told

EXPRESS = "const express = require('express')\nconst app = express()\n"
NEEDS = "(req, res, next) => {\n  if (!req.user) return res.status(401).end()\n  next()\n}\n"
NONE = "(req, res, next) => next()\n"
GUARD_CLASS = (
    "@Injectable()\nexport class OwnGuard implements CanActivate {\n  canActivate(context) {\n"
    "    const { user } = context.switchToHttp().getRequest()\n    return user !== undefined\n  }\n}\n"
)


GUARDED: dict[str, dict[str, str]] = {
    "a guard of a library": {"a.js": EXPRESS + "app.get('/x', passport.authenticate('jwt'), list)\n"},
    "a guard of its own name": {"a.js": EXPRESS + f"const needs = {NEEDS}app.get('/x', needs, list)\n"},
    "a guard of its own name in a list": {"a.js": EXPRESS + f"const needs = {NEEDS}app.get('/x', [needs], list)\n"},
    "a guard that is written there": {"a.js": EXPRESS + f"app.use({NEEDS})\napp.get('/x', list)\n"},
    "a guard that is made": {
        "a.js": EXPRESS
        + "function needs(role) {\n  return (req, res, next) => {\n    if (!req.user.roles.includes(role)) {\n"
        "      return res.sendStatus(403)\n    }\n    next()\n  }\n}\napp.get('/x', needs('admin'), list)\n"
    },
    "a guard from another file": {
        "lib/auth.js": f"exports.needs = {NEEDS}",
        "a.js": EXPRESS + "const { needs } = require('./lib/auth')\napp.get('/x', needs, list)\n",
    },
    "a guard of what another file exports": {
        "lib/auth.js": f"const needs = {NEEDS}module.exports = {{ needs }}\n",
        "a.js": EXPRESS + "const auth = require('./lib/auth')\napp.get('/x', auth.needs, list)\n",
    },
    "a guard that is all that a file exports": {
        "lib/auth.js": f"module.exports = {NEEDS}",
        "a.js": EXPRESS + "app.get('/x', require('./lib/auth'), list)\n",
    },
    "a guard by way of an index": {
        "lib/index.ts": "export * from './auth'\n",
        "lib/auth.ts": f"export const needs = {NEEDS}",
        "a.ts": "import express from 'express'\nimport { needs as only } from './lib'\nconst app = express()\n"
        "app.get('/x', only, list)\n",
    },
    "a guard by way of an alias of folders": {
        "src/lib/auth.ts": f"export default {NEEDS}",
        "src/a.ts": "import { Router } from 'express'\nimport needs from '@/lib/auth'\nconst router = Router()\n"
        "router.get('/x', needs, list)\n",
    },
    "a guard that a class has": {
        "session.js": "function Session(db) {\n  this.only = (req, res, next) => {\n"
        "    if (req.session.id) return next()\n"
        "    return res.redirect('/login')\n  }\n}\nmodule.exports = Session\n",
        "a.js": EXPRESS + "const Session = require('./session')\nconst session = new Session(db)\n"
        "const only = session.only\napp.get('/x', only, list)\n",
    },
    "a guard around another": {
        "a.ts": "import express from 'express'\nimport jwt from 'express-jwt'\nconst app = express()\n"
        "const needs = () => jwt({ secret })\napp.get('/x', needs(), list)\n"
    },
    "a guard that throws": {
        "a.js": EXPRESS
        + "const needs = (req, res, next) => {\n  if (!req.user) throw new UnauthorizedError()\n  next()\n}\n"
        "app.get('/x', needs, list)\n"
    },
    "a guard that hands the error on": {
        "a.js": EXPRESS + "const needs = (req, res, next) => req.user ? next() : next(createError(401))\n"
        "app.get('/x', needs, list)\n"
    },
    "a guard before all": {"a.js": EXPRESS + "app.use(requireAuth())\napp.get('/x', list)\n"},
    "a guard before a path": {"a.js": EXPRESS + "app.use('/x', requireAuth())\napp.get('/x', list)\n"},
    "a guard before all paths": {"a.js": EXPRESS + "app.all('*', requireAuth)\napp.get('/x', list)\n"},
    "a guard on the same path, and then who answers": {
        "a.js": EXPRESS + "app.get('/x', requireAuth())\napp.get('/x', list)\n"
    },
    "a guard where a router is mounted": {
        "a.js": EXPRESS + "app.use('/api', requireAuth(), require('./api'))\n",
        "api.js": "const router = require('express').Router()\nrouter.get('/x', list)\nmodule.exports = router\n",
    },
    "a guard before a router is mounted": {
        "a.js": EXPRESS + "app.use(requireAuth())\napp.use('/api', require('./api'))\n",
        "api/index.js": "const router = require('express').Router()\nrouter.get('/x', list)\nmodule.exports = router\n",
    },
    "a guard before an app is handed on": {
        "a.js": EXPRESS + "const routes = require('./routes')\napp.use(requireAuth())\nroutes(app, db)\n",
        "routes.js": "module.exports = function (app, db) {\n  app.get('/x', list)\n}\n",
    },
    "a guard before a router that is made": {
        "a.js": EXPRESS + "app.use('/api', requireAuth, require('./routes')(db))\n",
        "routes.js": "const { Router } = require('express')\nmodule.exports = (db) => {\n  const router = Router()\n"
        "  router.get('/x', list)\n  return router\n}\n",
    },
    "a check that the handler makes": {
        "a.js": EXPRESS
        + "app.get('/x', (req, res) => {\n  if (!req.session.user) {\n    return res.status(401).end()\n  }\n"
        "  res.json(all)\n})\n"
    },
    "a chain of one path": {"a.js": EXPRESS + "app.route('/x').get(requireAuth, list)\n"},
    "a hook of Fastify": {
        "a.js": "const app = require('fastify')()\napp.get('/x', list)\napp.addHook('onRequest', requireAuth)\n"
    },
    "an option of Fastify": {
        "a.js": "const app = require('fastify')()\napp.get('/x', { preHandler: [app.authenticate] }, list)\n"
    },
    "an option of Fastify that the app is told": {
        "auth.js": "module.exports = fp(async function (app) {\n  app.decorate('owner', async (request, reply) => {\n"
        "    if (!request.user) reply.code(401).send()\n  })\n})\n",
        "a.js": "const app = require('fastify')()\napp.get('/x', { onRequest: app.owner }, list)\n",
    },
    "a whole route of Fastify": {
        "a.js": "const app = require('fastify')()\n"
        "app.route({ method: 'GET', url: '/x', preHandler: requireAuth, handler })\n"
    },
    "a plugin of Fastify that does not keep to itself": {
        "auth.js": "const fp = require('fastify-plugin')\nmodule.exports = fp(async (app) => {\n"
        f"  app.addHook('onRequest', {NEEDS.strip()})\n}})\n",
        "a.js": "const app = require('fastify')()\napp.register(require('./auth'))\napp.get('/x', list)\n",
    },
    "a guard of Koa": {
        "a.js": "const Router = require('@koa/router')\nconst router = new Router()\n"
        "const needs = async (ctx, next) => {\n  if (!ctx.state.user) ctx.throw(401)\n  await next()\n}\n"
        "router.use(needs)\nrouter.get('/x', list)\n"
    },
    "a guard of Hono": {
        "a.ts": "import { Hono } from 'hono'\nimport { bearerAuth } from 'hono/bearer-auth'\nconst app = new Hono()\n"
        "app.use('/x/*', bearerAuth({ token }))\napp.get('/x', (c) => c.json([]))\n"
    },
    "a guard of a method": {
        "a.ts": "@Controller()\nexport class A {\n  @UseGuards(AuthGuard('jwt'))\n  @Get('/x')\n  list() {}\n}\n"
    },
    "a guard of a controller": {
        "a.ts": "@UseGuards(JwtAuthGuard)\n@Controller('x')\nexport class A {\n  @Get()\n  list() {}\n}\n"
    },
    "a guard of its own class": {
        "own.ts": GUARD_CLASS,
        "a.ts": "import { OwnGuard } from './own'\n@Controller('x')\n@UseGuards(OwnGuard)\nexport class A {\n"
        "  @Get()\n  list() {}\n}\n",
    },
    "a guard of the whole app": {
        "own.ts": GUARD_CLASS,
        "app.module.ts": "import { OwnGuard } from './own'\n"
        "@Module({ providers: [{ provide: APP_GUARD, useClass: OwnGuard }] })\n"
        "export class AppModule {}\n",
        "a.ts": "@Controller('x')\nexport class A {\n  @Get()\n  list() {}\n}\n",
    },
    "a decorator that puts guards together": {
        "auth.ts": "export const Owner = () => applyDecorators(UseGuards(JwtAuthGuard), ApiBearerAuth())\n",
        "a.ts": "import { Owner } from './auth'\n@Controller('x')\nexport class A {\n  @Owner()\n  @Get()\n"
        "  list() {}\n}\n",
    },
    "a handler of Next.js that checks": {
        "app/x/route.ts": "export async function GET(request: Request) {\n  const session = await auth()\n"
        "  if (!session) return new Response('', { status: 401 })\n  return Response.json([])\n}\n"
    },
    "a handler of Next.js that asks a helper": {
        "lib/request.ts": "import { unauthorized } from './response'\nexport async function parse(request) {\n"
        "  let error\n"
        "  if (!(await token(request))) error = () => unauthorized()\n  return { error }\n}\n",
        "src/app/x/route.ts": "import { parse } from '@/lib/request'\nexport async function GET(request: Request) {\n"
        "  const { error } = await parse(request)\n  if (error) return error()\n  return Response.json([])\n}\n",
    },
    "a handler of Next.js that is wrapped": {
        "pages/api/x.ts": "import { withAuth } from 'some-auth'\n"
        "export default withAuth(async (req, res) => res.json([]))\n"
    },
    "a middleware of Next.js": {
        "middleware.ts": "export function middleware(request) {\n  if (!request.cookies.get('session')) {\n"
        "    return NextResponse.redirect(new URL('/login', request.url))\n  }\n}\n"
        "export const config = { matcher: ['/api/:path*'] }\n",
        "app/api/x/route.ts": "export const GET = async () => Response.json([])\n",
    },
}
OPEN: dict[str, dict[str, str]] = {
    "no guard": {"a.js": EXPRESS + "app.get('/x', list)\n"},
    "a guard that lets everybody pass": {
        "a.js": EXPRESS + f"const requireAuth = {NONE}app.get('/x', requireAuth, list)\n"
    },
    "one from another file that lets everybody pass": {
        "auth.js": f"exports.requireAuth = {NONE}",
        "a.js": EXPRESS + "const { requireAuth } = require('./auth')\napp.get('/x', requireAuth, list)\n",
    },
    "one from another file in which it is not": {
        "auth.js": "exports.other = 1\n",
        "a.js": EXPRESS + "const { requireAuth } = require('./auth')\napp.get('/x', requireAuth, list)\n",
    },
    "a guard that is made and lets everybody pass": {
        "a.js": EXPRESS + f"const requireRole = (role) => {NONE}app.get('/x', requireRole('admin'), list)\n"
    },
    "a guard after the route": {"a.js": EXPRESS + "app.get('/x', list)\napp.use(requireAuth())\n"},
    "a guard after who answers": {"a.js": EXPRESS + "app.get('/x', list)\napp.get('/x', requireAuth())\n"},
    "a guard before another path": {"a.js": EXPRESS + "app.use('/y', requireAuth())\napp.get('/x', list)\n"},
    "a guard of another method": {"a.js": EXPRESS + "app.post('/x', requireAuth())\napp.get('/x', list)\n"},
    "a guard in a comment": {"a.js": EXPRESS + "app.get('/x', /* requireAuth, */ list)\n"},
    "a guard that is never asked": {"a.js": EXPRESS + "if (false) app.use(requireAuth())\napp.get('/x', list)\n"},
    "a guard that returns first": {
        "a.js": EXPRESS
        + "const needs = (req, res, next) => {\n  return next()\n  if (!req.user) res.sendStatus(401)\n}\n"
        "app.get('/x', needs, list)\n"
    },
    "a guard in development": {
        "a.js": EXPRESS
        + "if (process.env.NODE_ENV === 'development') {\n  app.use(requireAuth())\n}\napp.get('/x', list)\n"
    },
    "a guard that swallows what it throws": {
        "a.js": EXPRESS
        + "const needs = (req, res, next) => {\n  try {\n    if (!req.user) throw new ForbiddenError()\n"
        "    next()\n  } catch (error) {\n    next()\n  }\n}\napp.get('/x', needs, list)\n"
    },
    "a guard that is given anew": {"a.js": EXPRESS + f"let needs = {NEEDS}needs = {NONE}app.get('/x', needs, list)\n"},
    "a guard that asks nobody": {
        "a.js": EXPRESS + "app.get('/x', jwt({ secret, credentialsRequired: false }), list)\n"
    },
    "a session that is read": {"a.js": EXPRESS + "app.use(passport.authenticate('session'))\napp.get('/x', list)\n"},
    "a router that is also mounted without a guard": {
        "a.js": EXPRESS + "const api = require('./api')\napp.use('/old', api)\napp.use('/api', requireAuth(), api)\n",
        "api.js": "const router = require('express').Router()\nrouter.get('/x', list)\nmodule.exports = router\n",
    },
    "a guard after the router is mounted": {
        "a.js": EXPRESS + "app.use('/api', require('./api'), requireAuth())\n",
        "api.js": "const router = require('express').Router()\nrouter.get('/x', list)\nmodule.exports = router\n",
    },
    "a guard after the app is handed on": {
        "a.js": EXPRESS + "const routes = require('./routes')\nroutes(app, db)\napp.use(requireAuth())\n",
        "routes.js": "module.exports = function (app, db) {\n  app.get('/x', list)\n}\n",
    },
    "a guard of another router": {
        "a.js": EXPRESS + "const other = express.Router()\nother.use(requireAuth())\napp.get('/x', list)\n"
    },
    "a guard of another router of the same name": {
        "a.js": "const { Router } = require('express')\nfunction one() {\n  const router = Router()\n"
        "  router.use(requireAuth())\n  return router\n}\nfunction two() {\n  const router = Router()\n"
        "  router.get('/x', list)\n  return router\n}\nmodule.exports = { one, two }\n"
    },
    "a hook of Fastify in a plugin that keeps to itself": {
        "a.js": "const app = require('fastify')()\napp.register(async (app) => {\n"
        "  app.addHook('onRequest', requireAuth)\n})\n"
        "app.get('/x', list)\n"
    },
    "a hook of Fastify that comes too late": {
        "a.js": "const app = require('fastify')()\napp.addHook('onResponse', requireAuth)\napp.get('/x', list)\n"
    },
    "a guard of Hono of one path": {
        "a.ts": "import { Hono } from 'hono'\nconst app = new Hono()\napp.use('/', requireAuth)\n"
        "app.get('/x', (c) => c.json([]))\n"
    },
    "a class that lets everybody pass": {
        "a.ts": "class OwnAuthGuard implements CanActivate {\n  canActivate() {\n    return true\n  }\n}\n"
        "@Controller('x')\n@UseGuards(OwnAuthGuard)\nexport class A {\n  @Get()\n  list() {}\n}\n"
    },
    "a guard of the whole app for roles alone": {
        "app.module.ts": "class Roles implements CanActivate {\n  canActivate(context) {\n"
        "    const roles = this.reflector.get('roles', context.getHandler())\n    if (!roles) return true\n"
        "    return roles.includes(context.user.role)\n  }\n}\n"
        "@Module({ providers: [{ provide: APP_GUARD, useClass: Roles }] })\nexport class AppModule {}\n",
        "a.ts": "@Controller('x')\nexport class A {\n  @Get()\n  list() {}\n}\n",
    },
    "a check of what was typed in": {
        "a.js": EXPRESS
        + "app.put('/x', (req, res) => {\n  if (!req.body.password) return res.status(401).end()\n  go(res)\n})\n"
    },
    "a helper that is told to let everybody pass": {
        "lib/request.ts": "export async function parse(request, options) {\n"
        "  if (!options.skipAuth) return unauthorized()\n}\n",
        "src/app/x/route.ts": "import { parse } from '@/lib/request'\nexport async function GET(request: Request) {\n"
        "  const { error } = await parse(request, { skipAuth: true })\n  return Response.json([])\n}\n",
    },
    "a middleware of Next.js for other paths": {
        "middleware.ts": "export function middleware(request) {\n  if (!request.cookies.get('session')) {\n"
        "    return NextResponse.redirect(new URL('/login', request.url))\n  }\n}\n"
        "export const config = { matcher: ['/dashboard/:path*'] }\n",
        "app/api/x/route.ts": "export const GET = async () => Response.json([])\n",
    },
    "a middleware of Next.js for all paths but these": {
        "middleware.ts": "export function middleware(request) {\n  if (!request.cookies.get('session')) {\n"
        "    return NextResponse.redirect(new URL('/login', request.url))\n  }\n}\n"
        "export const config = { matcher: ['/((?!api|_next/static).*)'] }\n",
        "app/api/x/route.ts": "export const GET = async () => Response.json([])\n",
    },
    "a middleware of Next.js that decides by the path": {
        "middleware.ts": "export function middleware(request) {\n"
        "  if (request.nextUrl.pathname.startsWith('/admin')) {\n"
        "    return NextResponse.redirect(new URL('/login', request.url))\n  }\n}\n",
        "app/api/x/route.ts": "export const GET = async () => Response.json([])\n",
    },
}
NOT_IN_FORCE: dict[str, str] = {
    "a comment": "// app.get('/x', list)\n",
    "never": "if (false) {\n  app.get('/x', list)\n}\n",
    "a text": "const usage = `app.get('/x', list)`\n",
    "a function that nobody calls": "function old() {\n  app.get('/x', list)\n}\n",
    "after the end": "module.exports = function () {\n  return app\n  app.get('/x', list)\n}\n",
}
PATHS: dict[str, tuple[dict[str, str], list[str]]] = {
    "a prefix of a mount": (
        {
            "a.js": EXPRESS + "app.use('/api', require('./api'))\n",
            "api.js": "const router = require('express').Router()\nrouter.use('/v1', require('./v1'))\n"
            "module.exports = router\n",
            "v1.js": "const router = require('express').Router()\nrouter.get('/x', list)\nmodule.exports = router\n",
        },
        ["/api/v1/x"],
    ),
    "several verbs on one path": ({"a.js": EXPRESS + "app.route('/x').get(list).post(save)\n"}, ["/x", "/x"]),
    "several paths at once": ({"a.js": EXPRESS + "app.get(['/x', '/y'], list)\n"}, ["/x", "/y"]),
    "a prefix of Koa": (
        {
            "a.ts": "import Router from 'koa-router'\nconst router = new Router({ prefix: '/api' })\n"
            "router.post('x.create', list)\n"
        },
        ["/apix.create"],
    ),
    "a name of Koa before the path": (
        {"a.ts": "import Router from 'koa-router'\nconst router = new Router()\nrouter.get('all', '/x', list)\n"},
        ["/x"],
    ),
    "a prefix of Hono": (
        {
            "a.ts": "import { Hono } from 'hono'\nimport x from './x'\nconst app = new Hono().basePath('/api')\n"
            "app.route('/x', x)\n",
            "x.ts": "import { Hono } from 'hono'\nconst app = new Hono().get('/y', (c) => c.json(1))\n"
            "export default app\n",
        },
        ["/api/x/y"],
    ),
    "a prefix of a plugin": (
        {
            "a.js": "const app = require('fastify')()\napp.register(require('./x'), { prefix: '/v1' })\n",
            "x.js": "module.exports = async function (app) {\n  app.get('/x', list)\n}\n",
        },
        ["/v1/x"],
    ),
    "a prefix of a controller": (
        {"a.ts": "@Controller('shop')\nexport class A {\n  @Get('x')\n  list() {}\n  @Post()\n  save() {}\n}\n"},
        ["shop/x", "shop"],
    ),
    "groups of folders": ({"src/app/(web)/x/route.ts": "export async function GET() {}\n"}, ["/x"]),
}
CLIENTS = (
    "import axios from 'axios'\nconst api = axios.create()\napi.get('/x', options)\n",
    "const r = await api.post('/x', data)\n",
    "api.get('/x', options).then(show)\n",
    "import { router } from '@inertiajs/vue3'\nrouter.post('/x', form)\n",
    "const app = require('express')()\napp.get('port')\n",
    "export const list = () => {\n  return api.get('/x', options)\n}\n",
)


class TestGuards:
    @pytest.mark.parametrize("files", GUARDED.values(), ids=GUARDED)
    def test_is_followed_to_what_turns_somebody_away(self, files):
        """
        A guard counts where it is known, or where what it does turns somebody away.
        """
        assert [True] == [guarded for _, path, guarded in told(files) if path.strip("/").endswith("x")][-1:]

    @pytest.mark.parametrize("files", OPEN.values(), ids=OPEN)
    def test_is_none_where_everybody_passes(self, files):
        """
        What turns nobody away, comes too late, or stands elsewhere guards nothing.
        """
        found = [guarded for method, path, guarded in told(files) if path.strip("/").endswith("x") and method != "POST"]

        assert found
        assert None is found[0]

    @pytest.mark.parametrize("mark", ["@Public()", "@AllowAnonymous()", "@SkipAuth()"])
    def test_a_route_may_be_declared_open(self, mark):
        """
        What says that everybody may pass does so behind a guard of its class, too.
        """
        text = f"@Controller('x')\n@UseGuards(JwtAuthGuard)\nexport class A {{\n  {mark}\n  @Get()\n  list() {{}}\n}}\n"

        assert [("GET", "x", False)] == told({"a.ts": text})


class TestRoutes:
    @pytest.mark.parametrize(("files", "paths"), PATHS.values(), ids=PATHS)
    def test_have_the_paths_at_which_they_are_reached(self, files, paths):
        """
        Prefixes are put before them, wherever they are said.
        """
        assert paths == [path for _, path, _ in told(files)]

    @pytest.mark.parametrize("text", NOT_IN_FORCE.values(), ids=NOT_IN_FORCE)
    def test_count_only_in_force(self, text):
        """
        What never runs declares nothing.
        """
        assert [] == told({"a.js": EXPRESS + text})

    @pytest.mark.parametrize("text", CLIENTS)
    def test_are_not_what_clients_ask_for(self, text):
        """
        A call that somebody waits for, or that is none of a router's, declares nothing.
        """
        assert [] == told({"a.js": text})

    def test_of_a_file_that_cannot_be_read_are_missed(self):
        """
        A file that would declare routes and is nested too deeply is a problem of the fact.
        """
        deep = EXPRESS + "app.get('/x', list)\n" + "(" * 5_000 + ")" * 5_000 + "\n"

        assert ["a.js"] == [problem.path for problem in routes_of({"a.js": deep}).problems]

    def test_of_a_chain_without_end_are_missed(self):
        """
        Thousands of calls on each other are no program that somebody has written, and cost no time.
        """
        chain = EXPRESS + "app" + ".get('/x', list)" * 3_000 + "\n"

        assert ["a.js"] == [problem.path for problem in routes_of({"a.js": chain}).problems]
