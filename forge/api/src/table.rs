//! Routes and their description in one: a route cannot be served and left out of the OpenAPI document.

use axum::{
    Router,
    handler::Handler,
    routing::{MethodFilter, MethodRouter},
};
use hearth_http::routing::on;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        Components, Content, HttpMethod, Info, OpenApi, OpenApiBuilder, Ref, RefOr, Required,
        ResponseBuilder, Schema, SecurityRequirement, ServerBuilder,
        path::{OperationBuilder, ParameterBuilder, ParameterIn, PathItemBuilder, PathsBuilder},
        request_body::RequestBodyBuilder,
        schema::{ArrayBuilder, ObjectBuilder, Type},
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use crate::{Api, error::Problem};

/// What a route is for.
#[must_use]
pub struct RouteDescription {
    summary: &'static str,
    request: Option<RefOr<Schema>>,
    response: Option<Content>,
    media_type: &'static str,
    status: u16,
    query: Vec<(&'static str, &'static str)>,
    schemas: Vec<(String, RefOr<Schema>)>,
}

/// A route that does what `summary` says. It answers 204 unless told otherwise.
pub fn describe(summary: &'static str) -> RouteDescription {
    RouteDescription {
        summary,
        request: None,
        response: None,
        media_type: "application/json",
        status: 204,
        query: Vec::new(),
        schemas: Vec::new(),
    }
}

impl RouteDescription {
    /// The body is a `T`.
    pub fn request<T: ToSchema>(mut self) -> Self {
        self.request = Some(self.reference::<T>());
        self
    }

    /// The answer is 200 with a `T`.
    pub fn response<T: ToSchema>(mut self) -> Self {
        let schema = self.reference::<T>();
        self.response = Some(Content::new(Some(schema)));
        self.status = 200;
        self
    }

    /// The answer is 200 with AiForge's envelope around a `T`.
    pub fn enveloped_response<T: ToSchema>(mut self) -> Self {
        let data = self.reference::<T>();
        let envelope = ObjectBuilder::new()
            .property("code", ObjectBuilder::new().schema_type(Type::Integer))
            .property("msg", ObjectBuilder::new().schema_type(Type::String))
            .property("data", data);
        self.response = Some(Content::new(Some(envelope.build())));
        self.status = 200;
        self
    }

    /// The answer is 200 with an array of `T`, in pages.
    pub fn list_response<T: ToSchema>(mut self) -> Self {
        let item = self.reference::<T>();
        self.response = Some(Content::new(Some(ArrayBuilder::new().items(item))));
        self.status = 200;
        self.query("page", "the page, from 1").query("limit", "items a page, at most 50")
    }

    /// The answer is 200 with bytes.
    pub fn bytes_response(mut self) -> Self {
        self.media_type = "application/octet-stream";
        self.response = Some(Content::new(None::<RefOr<Schema>>));
        self.status = 200;
        self
    }

    /// The status of success.
    pub fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// A parameter after the `?`.
    pub fn query(mut self, name: &'static str, what: &'static str) -> Self {
        self.query.push((name, what));
        self
    }

    fn reference<T: ToSchema>(&mut self) -> RefOr<Schema> {
        T::schemas(&mut self.schemas);
        let schema = <T as PartialSchema>::schema();
        // Lists and the like have no name of their own.
        let is_named = matches!(&schema, RefOr::T(Schema::Object(object)) if !object.properties.is_empty())
            || matches!(&schema, RefOr::T(Schema::AllOf(_)));
        if !is_named {
            return schema;
        }
        let name = T::name().into_owned();
        self.schemas.push((name.clone(), schema));
        RefOr::Ref(Ref::from_schema_name(name))
    }
}

/// The routes of the API, with their descriptions.
#[derive(Default)]
#[must_use]
pub struct Table {
    /// Of the routes that are added next.
    group: &'static str,
    router: Router<Api>,
    paths: PathsBuilder,
    components: Components,
}

macro_rules! methods {
    ($($(#[$description:meta])* $name:ident $filter:ident $method:ident;)+) => {$(
        $(#[$description])*
        pub fn $name<H, T>(self, path: &'static str, handler: H, description: RouteDescription) -> Self
        where
            H: Handler<T, Api>,
            T: 'static,
        {
            self.row(path, on(MethodFilter::$filter, handler), HttpMethod::$method, description)
        }
    )+};
}

impl Table {
    methods! {
        get GET Get;
        post POST Post;
        put PUT Put;
        patch PATCH Patch;
        delete DELETE Delete;
    }

    /// The routes that follow belong to the group of this name, until the next call.
    pub(crate) fn in_group(self, group: &'static str) -> Self {
        Self { group, ..self }
    }

    fn row(
        mut self,
        path: &'static str,
        handler: MethodRouter<Api>,
        method: HttpMethod,
        description: RouteDescription,
    ) -> Self {
        let shown = path.replace("{*", "{");
        let verb = match method {
            HttpMethod::Get => "get",
            HttpMethod::Post => "post",
            HttpMethod::Put => "put",
            HttpMethod::Patch => "patch",
            _ => "delete",
        };
        let id = format!("{verb}{}", shown.replace(['/', '{', '}', '.'], "_"));
        let mut operation =
            OperationBuilder::new().summary(Some(description.summary)).operation_id(Some(id)).tag(self.group);
        for name in shown.split(['{', '}']).skip(1).step_by(2) {
            let text = ObjectBuilder::new().schema_type(Type::String);
            operation = operation.parameter(
                ParameterBuilder::new()
                    .name(name)
                    .parameter_in(ParameterIn::Path)
                    .required(Required::True)
                    .schema(Some(text)),
            );
        }
        for (name, what) in description.query {
            let text = ObjectBuilder::new().schema_type(Type::String);
            operation = operation.parameter(
                ParameterBuilder::new()
                    .name(name)
                    .parameter_in(ParameterIn::Query)
                    .description(Some(what))
                    .required(Required::False)
                    .schema(Some(text)),
            );
        }
        if let Some(schema) = description.request {
            let body = RequestBodyBuilder::new()
                .content("application/json", Content::new(Some(schema)))
                .required(Some(Required::True));
            operation = operation.request_body(Some(body.build()));
        }
        let mut success = ResponseBuilder::new().description("done");
        if let Some(content) = description.response {
            success = success.content(description.media_type, content);
        }
        let problem = Content::new(Some(Ref::from_schema_name(Problem::name())));
        let failure = ResponseBuilder::new().description("refused").content("application/json", problem);
        operation =
            operation.response(description.status.to_string(), success).response("default", failure.build());
        for (name, schema) in description.schemas {
            let known = self.components.schemas.entry(name.clone()).or_insert_with(|| schema.clone());
            debug_assert!(*known == schema, "two shapes are named {name}: give one `#[schema(as = …)]`");
        }
        let item = PathItemBuilder::new().operation(method, operation).build();
        Self { router: self.router.route(path, handler), paths: self.paths.path(shown, item), ..self }
    }

    /// The routes, and the document that describes them.
    pub fn finish(mut self, root: &str) -> (Router<Api>, OpenApi) {
        self.components.schemas.insert(Problem::name().into_owned(), Problem::schema());
        let scheme = |scheme| SecurityScheme::Http(HttpBuilder::new().scheme(scheme).build());
        self.components.add_security_scheme("basic", scheme(HttpAuthScheme::Basic));
        self.components.add_security_scheme("bearer", scheme(HttpAuthScheme::Bearer));
        let none: [String; 0] = [];
        let document = OpenApiBuilder::new()
            .info(Info::new("Hearth", env!("CARGO_PKG_VERSION")))
            .servers(Some([ServerBuilder::new().url(format!("{root}/api/v1")).build()]))
            .paths(self.paths)
            .components(Some(self.components))
            .security(Some([
                SecurityRequirement::default(),
                SecurityRequirement::new("basic", none.clone()),
                SecurityRequirement::new("bearer", none),
            ]))
            .build();
        (self.router, document)
    }
}
